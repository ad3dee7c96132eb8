"""AWS Signature Version 4 of one request, by header (AWS General Reference, "Create a signed AWS API request")."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

ALGORITHM: Final = "AWS4-HMAC-SHA256"
SERVICE: Final = "s3"


@dataclass(frozen=True, slots=True)
class Key:
    """Who signs, and where."""

    id: str
    secret: str
    region: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed: a request without a query, its path percent-encoded as it is sent, `headers` in lower case."""

    method: str
    host: str
    path: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def sha256(content: bytes) -> str:
    """In hex."""
    return hashlib.sha256(content).hexdigest()


def signed_headers(key: Key, request: Request, *, at: datetime) -> dict[str, str]:
    """All headers of a request but Host, the signature among them; `at` is an aware instant in UTC."""
    stamp = f"{at:%Y%m%dT%H%M%SZ}"
    headers = {**request.headers, "x-amz-content-sha256": sha256(request.content), "x-amz-date": stamp}
    listed = dict(sorted({**headers, "host": request.host}.items()))
    names = ";".join(listed)
    fields = "".join(f"{name}:{' '.join(value.split())}\n" for name, value in listed.items())
    canonical = "\n".join((request.method, request.path, "", fields, names, headers["x-amz-content-sha256"]))
    scope = f"{at:%Y%m%d}/{key.region}/{SERVICE}/aws4_request"
    to_sign = "\n".join((ALGORITHM, stamp, scope, sha256(canonical.encode())))
    signature = hmac.digest(signing_key(key, at), to_sign.encode(), "sha256").hex()
    authorization = f"{ALGORITHM} Credential={key.id}/{scope},SignedHeaders={names},Signature={signature}"
    return {**headers, "authorization": authorization}


def signing_key(key: Key, at: datetime) -> bytes:
    """The key of a day, a region and a service."""
    found = f"AWS4{key.secret}".encode()
    for part in (f"{at:%Y%m%d}", key.region, SERVICE, "aws4_request"):
        found = hmac.digest(found, part.encode(), "sha256")
    return found
