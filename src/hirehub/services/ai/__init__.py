"""The owner of the vectors' files.

Owns: nothing in a database. Publishes and listens: nothing yet.
Serves: GetEmbeddings over gRPC; pushes with UploadEmbeddings.
"""
