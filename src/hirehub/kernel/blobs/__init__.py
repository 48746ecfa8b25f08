"""Files by their key: a folder here, an object store where one is configured."""

from hirehub.kernel.blobs.folder import FolderBlobs
from hirehub.kernel.blobs.opening import open_blobs
from hirehub.kernel.blobs.port import BadKey, Blobs, NoSuchBlob

__all__ = ["BadKey", "Blobs", "FolderBlobs", "NoSuchBlob", "open_blobs"]
