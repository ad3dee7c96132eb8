"""Contents in a store that speaks S3."""

from kvit.documents.adapters.s3.store import S3Store

__all__ = ["S3Store"]
