"""A company's own way to read a bank's CSV: kept, and retired."""

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from kvit.banking.commands import naming
from kvit.banking.commands.problems import set_all_aside
from kvit.banking.commands.taking import NoSuchIntake
from kvit.banking.events import FileReceived
from kvit.base import codec, rows
from kvit.base.command import Ctx, command
from kvit.formats.bank.tabular.profile import Profile, to_plain
from kvit.kernel.refusals import DomainError
from kvit.work import commands as work


class ShapeTaken(DomainError):
    """A kept profile already reads files with this header: two would be a matter of chance."""

    code: ClassVar[str] = "banking.shape_taken"


class NoSuchProfile(DomainError):
    """There is no such profile, or it was retired before."""

    code: ClassVar[str] = "banking.no_such_profile"


@dataclass(frozen=True)
class ProfileKept:
    """The profile's id."""

    profile_id: int


@dataclass(frozen=True)
class ProfileRetired:
    """The profile that reads no more files."""

    profile_id: int


@command
def keep_profile(ctx: Ctx, *, profile: Profile, intake_id: int, account_id: int | None = None) -> ProfileKept:
    """Read every later file with these columns by this profile, however it arrives, and first the file of the intake.

    `account_id` is the account of this one file where it names none; of later ones it says nothing. What was said
    of the file while nothing could read it is set aside. Refuses `ShapeTaken`, `NoSuchIntake`, `NoSuchAccount`.
    """
    intake = rows.select("SELECT file_id, format FROM banking_intake WHERE id = %s FOR NO KEY UPDATE", [intake_id])
    if not intake:
        raise NoSuchIntake(f"there is no intake {intake_id}")
    header = "\x1f".join([profile.delimiter, *sorted(profile.signature())])
    kept = rows.select(
        """
        INSERT INTO banking_csvprofile (tenant_id, name, shape, profile, command_id)
        VALUES (%s, %s, %s, %s::jsonb, %s) ON CONFLICT DO NOTHING RETURNING id
        """,
        [
            ctx.tenant_id,
            profile.name[:120],
            hashlib.sha256(header.encode()).hexdigest(),
            codec.canonical(to_plain(profile)).decode(),
            ctx.command_id,
        ],
    )
    if not kept:
        raise ShapeTaken("a profile that is kept reads files with these columns already; retire it first")
    if account_id is not None:
        naming.tell(ctx, intake_id, account_id)
    if intake[0][1] == "unknown":
        set_all_aside(ctx, intake_id, f"read by {profile.name}")
        work.close_items(
            ctx,
            kind="banking.look_at_file",
            subject_kind="bank_intake",
            subject_ids=(intake_id,),
            outcome="banking.file_read",
        )
    ctx.emit(FileReceived(intake_id=intake_id, file_id=int(intake[0][0])))
    return ProfileKept(int(kept[0][0]))


@command
def retire_profile(ctx: Ctx, *, profile_id: int) -> ProfileRetired:
    """Read no more files by this profile; what it took in stays. Refuses `NoSuchProfile`."""
    retired = rows.select(
        """
        UPDATE banking_csvprofile SET retired_by_id = %s
        WHERE tenant_id = %s AND id = %s AND retired_by_id IS NULL RETURNING id
        """,
        [ctx.command_id, ctx.tenant_id, profile_id],
    )
    if not retired:
        raise NoSuchProfile(f"there is no profile {profile_id} in use")
    return ProfileRetired(profile_id)
