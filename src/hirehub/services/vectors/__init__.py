"""Embedded rows: stored from gRPC streams, searched over GraphQL.

Owns: recruit and candidate rows with their vectors, runs, checkpoints, the dead letter queue.
Publishes and listens: nothing
yet. Serves: UploadEmbeddings and InvalidateCache over gRPC, `/graphql` over HTTP.
"""
