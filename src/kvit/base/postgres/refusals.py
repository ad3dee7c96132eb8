"""Why the embedded PostgreSQL could not be found, set up, started or shared."""

from typing import ClassVar

from kvit.kernel.refusals import DomainError


class ServerUnavailable(DomainError):  # a refusal says what is wrong
    """The family: no usable database server; the text says what a person can do about it."""

    code: ClassVar[str] = "postgres.unavailable"


class BinariesMissing(ServerUnavailable):
    """No PostgreSQL that runs on this machine was found, or the one asked for is not one."""

    code: ClassVar[str] = "postgres.binaries_missing"


class FolderUnusable(ServerUnavailable):
    """The folder cannot hold the database: closed to the server's user, another's, or otherwise used."""

    code: ClassVar[str] = "postgres.folder_unusable"


class SetupFailed(ServerUnavailable):
    """`initdb` failed; its last lines are quoted."""

    code: ClassVar[str] = "postgres.setup_failed"


class OtherVersion(ServerUnavailable):
    """The data were made by another major version of PostgreSQL than the binaries at hand."""

    code: ClassVar[str] = "postgres.other_version"


class AlreadySupervised(ServerUnavailable):
    """Another living process supervises this database."""

    code: ClassVar[str] = "postgres.already_supervised"


class StartFailed(ServerUnavailable):
    """The server did not come up, or did not in time; the last lines of its log are quoted."""

    code: ClassVar[str] = "postgres.start_failed"
