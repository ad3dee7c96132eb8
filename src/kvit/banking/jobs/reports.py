"""Take in what a bank says about our own orders: pain.002, reports on LB payments, Autogiro."""

from collections.abc import Sequence
from dataclasses import replace

from kvit.banking import commands, queries
from kvit.banking.domain import reports as words
from kvit.banking.domain.payment_answers import answers
from kvit.banking.domain.payments import PaymentState
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.formats import bank
from kvit.formats.bank.autogiro.records import AutogiroFile
from kvit.formats.bank.lb.records import Kind as LbKind
from kvit.formats.bank.lb.records import LbFile
from kvit.formats.bank.pain.records import OrderStatus
from kvit.kernel.results import Problem


def take_reports(
    ctx: Ctx, reports: Sequence[bank.Report], *, intake_id: int
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Record what reports say of our payments; what was said, a line each, and a problem for what is not ours.

    May be repeated: the same answer again changes nothing. What no payment file of ours is about, such as failed
    direct debits, asks a person, once for the file.
    """
    statuses = tuple(one for one in reports if isinstance(one, OrderStatus))
    problems = [*take_status_report(ctx, statuses=statuses)] if statuses else []
    told = [words.of_statuses(statuses)] if statuses else []
    for section in (one for one in reports if isinstance(one, LbFile)):
        told.append(words.of_lb(section))
        problems += _take_lb(ctx, section)
    for debits in (one for one in reports if isinstance(one, AutogiroFile)):
        told.append(words.of_autogiro(debits))
        problems += [Problem(debits.place, what) for what in words.failed_debits(debits)]
    if problems:
        unkeyed = replace(ctx, key=None)
        commands.note_problems(unkeyed, intake_id=intake_id, problems=tuple(problems))
        commands.flag_file(unkeyed, intake_id=intake_id, problem=problems[0])
    return tuple(told), tuple(problems)


def take_status_report(ctx: Ctx, *, statuses: tuple[OrderStatus, ...]) -> tuple[Problem, ...]:
    """Record what a bank's status report (pain.002) says about our payment files; a problem for each strange file."""
    problems = []
    for message_id in dict.fromkeys(status.original_message_id for status in statuses):
        with tenant.scope(ctx.tenant_id):
            found = queries.payment_file_called(message_id)
            ids = [one.end_to_end_id for one in queries.payments_of(found.id)] if found is not None else []
        if found is None:
            problems.append(Problem("file", f"{message_id!r} is no payment file that was made here"))
            continue
        about = [status for status in statuses if status.original_message_id == message_id]
        known = answers(about, batch_id=f"{message_id}-1", end_to_end_ids=ids)
        told = tuple(commands.PaymentAnswer(one, answer.state, answer.reason) for one, answer in known.items())
        problems += _record(ctx, found, told)
        strange = {one.end_to_end_id for one in about if one.end_to_end_id} - set(ids)
        problems += [Problem("file", f"{one!r} is no payment in {message_id}") for one in sorted(strange)]
    return tuple(problems)


def _record(ctx: Ctx, file: queries.PaymentFileRow, told: tuple[commands.PaymentAnswer, ...]) -> tuple[Problem, ...]:
    """Record answers; what the bank cannot know, since the file never went out, is a problem and changes nothing."""
    if file.state not in queries.ANSWERABLE:
        return (Problem("file", f"{file.message_id} is {file.state.value}; the bank cannot know it"),)
    commands.record_payment_answers(replace(ctx, key=None), payment_file_id=file.id, answers=told)
    return ()


def _take_lb(ctx: Ctx, section: LbFile) -> list[Problem]:
    """Answers to the payments that a report on LB names by our own note; orders and sums of what waits say none."""
    if section.kind not in (LbKind.REJECTED, LbKind.SPECIFICATION):
        return []
    problems = []
    by_file: dict[int, tuple[queries.PaymentFileRow, list[commands.PaymentAnswer]]] = {}
    for payment in section.payments:
        with tenant.scope(ctx.tenant_id):
            ours = queries.payment_called(payment.own_note)
            file = queries.payment_file(ours.payment_file_id) if ours is not None else None
        if ours is None or file is None or ours.amount_minor != payment.amount_minor:
            problems.append(Problem(payment.place, f"{payment.own_note!r} is no payment of this amount made here"))
            continue
        state = PaymentState.REJECTED if section.kind is LbKind.REJECTED else PaymentState.ACCEPTED
        reason = "; ".join(f"{remark.code} {remark.text}".strip() for remark in (*payment.remarks, *section.remarks))
        by_file.setdefault(file.id, (file, []))[1].append(
            commands.PaymentAnswer(ours.end_to_end_id, state, reason if state is PaymentState.REJECTED else "")
        )
    for file, told in by_file.values():
        problems += _record(ctx, file, tuple(told))
    return problems
