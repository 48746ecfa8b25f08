"""The owner of the vectors' files, of the model, of the work on resumes, and of what posts and resumes are compared by.

Owns: ai_tasks, job_embeddings, profiles and scored facts, what waits. Publishes: resume.processed, match.calculated.
Listens: resume.uploaded, resume.updated, resume.removed, job.created, job.updated.
Serves: GetEmbeddings over gRPC, /api/v1/ai over HTTP; pushes with UploadEmbeddings.
"""
