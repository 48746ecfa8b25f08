"""The owner of the vectors' files, of the model, and of the work on resumes.

Owns: ai_tasks, job_embeddings, resumes that wait. Publishes: resume.processed. Listens: resume.uploaded.
Serves: GetEmbeddings over gRPC, /api/v1/ai over HTTP; pushes with UploadEmbeddings.
"""
