"""The rows of banking and matching in the access matrix."""

from dataclasses import replace
from datetime import timedelta

from access_kinds import Asks, Matrix, Reads
from bank_files import DAY, IBAN
from kvit.banking import commands as banking
from kvit.banking import queries as banking_q
from kvit.banking.domain import Verdict
from kvit.banking.domain.payments import PaymentState, SendingOutcome
from kvit.banking.domain.returns import Movement
from kvit.base.command import Ctx
from kvit.base.lifecycle import NotMovable
from kvit.kernel.results import Problem
from kvit.matching import commands as matching
from kvit.matching import queries as matching_q
from kvit.matching.commands import Target
from kvit.matching.domain import RobotRule
from past import REPORT
from payouts import file_of, payout
from two_companies import HEAD, NEW_LINE, PROFILE

BANKING: Matrix = {
    "banking.commands.accept_break": Asks(
        lambda ctx, w: banking.accept_break(ctx, before_id=w.broken[0], after_id=w.broken[1], reason="-"),
        banking.NoSuchBreak,
    ),
    "banking.commands.begin_intake": Asks(
        lambda ctx, w: banking.begin_intake(ctx, file_id=w.file, format="camt.053"), banking.NoSuchIntake
    ),
    "banking.commands.begin_statement": Asks(
        lambda ctx, w: banking.begin_statement(ctx, intake_id=w.intake, header=HEAD), banking.NoSuchIntake
    ),
    "banking.commands.begin_sending": Asks(
        lambda ctx, w: banking.begin_sending(ctx, payment_file_id=w.signed_file), banking.NoSuchPaymentFile
    ),
    "banking.commands.discard_payment_file": Asks(
        lambda ctx, w: banking.discard_payment_file(ctx, payment_file_id=w.made_file, reason="no"),
        banking.NoSuchPaymentFile,
    ),
    "banking.commands.complete_statement": Asks(
        lambda ctx, w: banking.complete_statement(ctx, statement_id=w.held, header=HEAD), banking.NoSuchStatement
    ),
    "banking.commands.doubt_sendings": Asks(
        lambda ctx, w: banking.doubt_sendings(ctx, begun_before_at=w.later), banking.SendingsDoubted(())
    ),
    "banking.commands.end_intake": Asks(
        lambda ctx, w: banking.end_intake(ctx, intake_id=w.intake), banking.NoSuchIntake
    ),
    "banking.commands.flag_file": Asks(
        lambda ctx, w: banking.flag_file(ctx, intake_id=w.intake, problem=Problem("p", "r")), banking.NoSuchIntake
    ),
    "banking.commands.keep_profile": Asks(
        lambda ctx, w: banking.keep_profile(ctx, profile=replace(PROFILE, delimiter=","), intake_id=w.intake),
        banking.NoSuchIntake,
    ),
    "banking.commands.retire_profile": Asks(
        lambda ctx, w: banking.retire_profile(ctx, profile_id=w.csv_profile), banking.NoSuchProfile
    ),
    "banking.commands.name_account": Asks(
        lambda ctx, w: banking.name_account(ctx, statement_id=w.asked, account_id=w.account), banking.NoSuchStatement
    ),
    "banking.queries.account_of": Reads(lambda w: banking_q.account_of(HEAD, intake_id=w.csv_intake), None),
    "banking.queries.account_told": Reads(lambda w: banking_q.account_told(w.csv_intake), None),
    "banking.queries.candidates": Reads(lambda w: banking_q.candidates(w.asked), {}),
    "banking.queries.is_alone": Reads(lambda w: banking_q.is_alone(w.asked), False),
    "banking.queries.unread": Reads(lambda w: banking_q.unread(limit=9), ()),
    "banking.queries.csv_profiles": Reads(
        lambda w: [p.name for p in banking_q.csv_profiles() if p.name == PROFILE.name], []
    ),
    "banking.queries.kept_profiles": Reads(lambda w: [p.id for p in banking_q.kept_profiles()], []),
    "banking.commands.link_returns": Asks(
        lambda ctx, w: banking.link_returns(ctx, statement_id=w.booked), banking.NoSuchStatement
    ),
    "banking.commands.make_payment_file": Asks(
        lambda ctx, w: banking.make_payment_file(ctx, file=file_of(w.paying_account), payments=(payout(9),)),
        banking.NoSuchPaymentFile,
    ),
    "banking.commands.note_problems": Asks(
        lambda ctx, w: banking.note_problems(ctx, intake_id=w.intake, problems=(Problem("p", "r"),)),
        banking.NoSuchIntake,
    ),
    "banking.commands.open_bank_account": Asks(
        lambda ctx, w: banking.open_bank_account(ctx, number=f"{IBAN}9", currency="SEK", name="Hers"), own=True
    ),
    "banking.commands.record_payment_answers": Asks(
        lambda ctx, w: banking.record_payment_answers(
            ctx,
            payment_file_id=w.sent_file,
            answers=(banking.PaymentAnswer(w.sent_payment, PaymentState.ACCEPTED),),
        ),
        banking.NoSuchPaymentFile,
    ),
    "banking.commands.record_sending": Asks(
        lambda ctx, w: banking.record_sending(
            ctx, payment_file_id=w.sending_file, outcome=SendingOutcome.SENT, evidence="-"
        ),
        banking.NoSuchPaymentFile,
    ),
    "banking.commands.receive_file": Asks(
        lambda ctx, w: banking.receive_file(ctx, file_id=w.file, format="camt.053"), banking.NoSuchIntake
    ),
    "banking.commands.reject_statement": Asks(
        lambda ctx, w: banking.reject_statement(ctx, statement_id=w.held, reason="no"), NotMovable
    ),
    "banking.commands.release_statement": Asks(
        lambda ctx, w: banking.release_statement(ctx, statement_id=w.held, reason="yes"), banking.NoSuchStatement
    ),
    "banking.commands.resolve_payment_file": Asks(
        lambda ctx, w: banking.resolve_payment_file(
            ctx, payment_file_id=w.doubted_file, has_arrived=True, evidence="seen"
        ),
        banking.NoSuchPaymentFile,
    ),
    "banking.commands.set_problems_aside": Asks(
        lambda ctx, w: banking.set_problems_aside(ctx, intake_id=w.intake, problem_ids=(w.problem,), reason="-"),
        banking.NoSuchProblem,
    ),
    "banking.commands.settle_statement": Asks(
        lambda ctx, w: banking.settle_statement(ctx, statement_id=w.held, account_id=w.account, verdict=Verdict()),
        banking.NoSuchStatement,
    ),
    "banking.commands.sign_payment_file": Asks(
        lambda ctx, w: banking.sign_payment_file(ctx, payment_file_id=w.made_file, sha256=w.made_sha256),
        banking.NoSuchPaymentFile,
    ),
    "banking.commands.take_lines": Asks(
        lambda ctx, w: banking.take_lines(ctx, statement_id=w.held, account_id=w.account, lines=(NEW_LINE,)),
        banking.NoSuchStatement,
    ),
    "banking.queries.payees": Reads(lambda w: {p.id for p in banking_q.payees("SEK")} & {w.account}, set()),
    "banking.queries.accounts": Reads(lambda w: set(banking_q.accounts()) & {w.account}, set()),
    "banking.queries.accepted_breaks": Reads(lambda w: banking_q.accepted_breaks(w.account), (), alike=True),
    "banking.queries.account_freshness": Reads(
        lambda w: set(banking_q.account_freshness(today=w.later.date(), country="SE")) & {w.account}, set()
    ),
    "banking.queries.accounts_of_intake": Reads(lambda w: banking_q.accounts_of_intake(w.intake), []),
    "banking.queries.breaks": Reads(lambda w: banking_q.breaks(w.account), ()),
    "banking.queries.chain": Reads(lambda w: banking_q.chain(w.account), ()),
    "banking.queries.booked_line_ids": Reads(lambda w: banking_q.booked_line_ids(), []),
    "banking.queries.booked_totals": Reads(lambda w: banking_q.booked_totals(), {}),
    "banking.queries.line_sums": Reads(lambda w: banking_q.line_sums([w.linked_line]), ()),
    "banking.queries.credits_between": Reads(lambda w: banking_q.credits_between(DAY, w.later.date()), []),
    "banking.queries.closing_before": Reads(lambda w: banking_q.closing_before(w.account, w.later.date()), None),
    "banking.queries.known_accounts": Reads(lambda w: {a.id for a in banking_q.known_accounts()} & {w.account}, set()),
    "banking.queries.intake": Reads(lambda w: banking_q.intake(w.intake), None),
    "banking.queries.intakes": Reads(lambda w: banking_q.intakes(limit=9), ()),
    "banking.queries.latest_lines": Reads(lambda w: banking_q.latest_lines(limit=9), ()),
    "banking.queries.line_details": Reads(lambda w: banking_q.line_details(w.linked_line), None),
    "banking.queries.statement": Reads(lambda w: banking_q.statement(w.held), None),
    "banking.queries.statements_on": Reads(lambda w: banking_q.statements_on(w.account, limit=9), ()),
    "banking.queries.statements_of": Reads(lambda w: banking_q.statements_of(w.intake, limit=9), ()),
    "banking.queries.line_ids_of": Reads(lambda w: banking_q.line_ids_of(w.booked), []),
    "banking.queries.lines": Reads(lambda w: banking_q.lines([w.linked_line]), ()),
    "banking.queries.locked_lines": Reads(lambda w: banking_q.locked_lines([w.linked_line]), ()),
    "banking.queries.payment_called": Reads(lambda w: banking_q.payment_called(w.sent_payment), None),
    "banking.queries.payment_file": Reads(lambda w: banking_q.payment_file(w.made_file), None),
    "banking.queries.payment_file_called": Reads(lambda w: banking_q.payment_file_called(w.made_message), None),
    "banking.queries.payment_files": Reads(lambda w: banking_q.payment_files(), ()),
    "banking.queries.own_payments": Reads(lambda w: banking_q.own_payments([w.paid_refund_line]), {}),
    "banking.queries.payments_about": Reads(lambda w: banking_q.payments_about("settlement", [1]), ()),
    "banking.queries.payments_for": Reads(lambda w: banking_q.payments_for("settlement", 1), ()),
    "banking.queries.payments_of": Reads(lambda w: banking_q.payments_of(w.made_file), ()),
    "banking.queries.problems": Reads(lambda w: banking_q.problems(w.sha256), ()),
    "banking.queries.problems_of": Reads(lambda w: banking_q.problems_of(w.intake, limit=9), ()),
    "banking.queries.could_be_returned": Reads(
        lambda w: banking_q.could_be_returned(Movement(w.linked_line, 1, "SEK", "", "", "", "", "")), (), alike=True
    ),
    "banking.queries.return_of": Reads(lambda w: banking_q.return_of(w.returned_line), None),
    "banking.queries.returning_lines": Reads(lambda w: banking_q.returning_lines(w.booked), (), alike=True),
    "banking.queries.settled_by_return": Reads(lambda w: banking_q.settled_by_return([w.returned_line]), frozenset()),
    "banking.queries.verify": Reads(lambda w: banking_q.verify(), (), alike=True),
}


def _settled(ctx: Ctx, line_id: int) -> matching.RefundsSettled:
    """Only a robot at work links by itself what paid a refund."""
    matching.set_rule(ctx, rule=RobotRule(), reason="goes live")
    return matching.settle_refunds(ctx, line_ids=(line_id,))


MATCHING: Matrix = {
    "matching.commands.link_payment": Asks(
        lambda ctx, w: matching.link_payment(ctx, line_id=w.waiting_line, targets=(Target(w.unpaid, 70),)),
        matching.NotLinkable,
    ),
    "matching.commands.match_lines": Asks(
        lambda ctx, w: matching.match_lines(ctx, line_ids=(w.waiting_line,)), matching.Matched(0, 0, 0)
    ),
    "matching.commands.ask_about_returns": Asks(
        lambda ctx, w: matching.ask_about_returns(ctx, line_ids=(w.waiting_line,)), matching.ReturnsAsked(0)
    ),
    "matching.commands.ask_refund": Asks(
        lambda ctx, w: matching.ask_refund(ctx, link_id=w.link, amount_minor=1, reason="-"), matching.NotRefundable
    ),
    "matching.commands.confirm_many": Asks(lambda ctx, w: matching.confirm_many(ctx, expected=(w.seen,)).link_ids, ()),
    "matching.commands.confirm_suggestion": Asks(
        lambda ctx, w: matching.confirm_suggestion(ctx, line_id=w.waiting_line, expected=w.seen.items),
        matching.NotLinkable,
    ),
    "matching.commands.forget_payer": Asks(
        lambda ctx, w: matching.forget_payer(ctx, payer_id=w.payer, reason="-"), matching.NoSuchPayer
    ),
    "matching.commands.forget_person": Asks(
        lambda ctx, w: matching.forget_person(ctx, party_id=w.bo_party), matching.Forgotten(0)
    ),
    "matching.commands.give_history": Asks(
        lambda ctx, w: matching.give_history(ctx, file_id=w.file, currency="SEK"), matching.NoSuchHistory
    ),
    "matching.commands.report_history": Asks(
        lambda ctx, w: matching.report_history(ctx, history_id=w.history, report=REPORT), matching.NoSuchHistory
    ),
    "matching.commands.calibrate": Asks(
        lambda ctx, w: matching.calibrate(ctx, history_id=w.history), matching.NoSuchHistory
    ),
    "matching.commands.drop_calibration": Asks(
        lambda ctx, w: matching.drop_calibration(ctx, reason="-"), matching.NotCalibrated
    ),
    "matching.commands.learn_history": Asks(
        lambda ctx, w: matching.learn_history(ctx, history_id=w.history, payers=[(w.bo_party, "SE9", "Bo", 2)]),
        matching.NoSuchHistory,
    ),
    "matching.commands.learn_payer": Asks(
        lambda ctx, w: matching.learn_payer(ctx, party_id=w.bo_party, account="SE2", name=""), matching.NotLearnable
    ),
    "matching.commands.link_refund": Asks(
        lambda ctx, w: matching.link_refund(ctx, line_id=w.refund_line, refund_id=w.refund), matching.NoSuchRefund
    ),
    "matching.commands.review_robot": Asks(lambda ctx, w: matching.review_robot(ctx), own=True),
    "matching.commands.set_aside": Asks(
        lambda ctx, w: matching.set_aside(ctx, line_id=w.waiting_line, account="bank_fees", reason="-"),
        matching.NotLinkable,
    ),
    "matching.commands.set_rule": Asks(lambda ctx, w: matching.set_rule(ctx, rule=RobotRule(), reason="-"), own=True),
    "matching.commands.pay_refunds": Asks(
        lambda ctx, w: matching.pay_refunds(
            ctx, refund_ids=(w.refund,), pay_from=matching.PayFrom(w.account, w.later.date())
        ),
        matching.NoSuchRefund,
    ),
    "matching.commands.reopen_refunds": Asks(
        lambda ctx, w: matching.reopen_refunds(ctx, payment_file_id=w.dropped_file), matching.RefundsReopened(0)
    ),
    "matching.commands.settle_refunds": Asks(
        lambda ctx, w: _settled(ctx, w.paid_refund_line), matching.RefundsSettled(())
    ),
    "matching.commands.withdraw_refund": Asks(
        lambda ctx, w: matching.withdraw_refund(ctx, refund_id=w.refund, reason="-"), matching.NoSuchRefund
    ),
    "matching.commands.undo_returned": Asks(
        lambda ctx, w: matching.undo_returned(ctx, line_ids=(w.returned_line,), on_date=DAY), matching.ReturnsUndone(0)
    ),
    "matching.commands.undo_link": Asks(
        lambda ctx, w: matching.undo_link(ctx, link_id=w.link, reason="wrong", on_date=DAY), matching.NotLinked
    ),
    "matching.queries.entries_of_links": Reads(lambda w: matching_q.entries_of_links([w.link]), ()),
    "matching.queries.candidates": Reads(lambda w: matching_q.candidates(w.waiting_line), ()),
    "matching.queries.could_be": Reads(lambda w: matching_q.could_be([w.bo_party]), ()),
    "matching.queries.equals": Reads(lambda w: matching_q.equals(w.waiting_line), ()),
    "matching.queries.explain": Reads(lambda w: matching_q.explain(w.waiting_line), None),
    "matching.queries.history": Reads(lambda w: matching_q.history(w.history), None),
    "matching.queries.histories": Reads(lambda w: matching_q.histories(), ()),
    "matching.queries.calibration": Reads(lambda w: matching_q.calibration(), None),
    "matching.queries.outdated": Reads(lambda w: matching_q.outdated(), (), alike=True),
    "matching.queries.payer": Reads(lambda w: matching_q.payer(w.payer), None),
    "matching.queries.payer_columns": Reads(
        lambda w: set(matching_q.payer_columns()["party_id"].tolist()) & {w.bo_party}, set()
    ),
    "matching.queries.payers": Reads(lambda w: matching_q.payers(w.bo_party), ()),
    "matching.queries.payers_by_account": Reads(lambda w: matching_q.payers_by_account(["SE 1"]), ()),
    "matching.queries.refund": Reads(lambda w: matching_q.refund(w.refund), None),
    "matching.queries.refunds_asked": Reads(lambda w: matching_q.refunds_asked(), ()),
    "matching.queries.robot_links_since": Reads(
        lambda w: matching_q.robot_links_since(w.now - timedelta(days=9)).linked, 0, alike=True
    ),
    "matching.queries.robot_report": Reads(lambda w: matching_q.robot_report(from_date=DAY, to_date=DAY).credits, 0),
    "matching.queries.rule": Reads(lambda w: matching_q.rule(), RobotRule()),
    "matching.queries.rule_history": Reads(
        lambda w: [c.reason for c in matching_q.rule_history() if c.reason == "only looks"], []
    ),
    "matching.queries.state_of_the_robot": Reads(lambda w: matching_q.state_of_the_robot().measured, None, alike=True),
    "matching.queries.suggestions": Reads(lambda w: matching_q.suggestions([w.waiting_line]), ()),
    "matching.queries.suggestions_for": Reads(lambda w: matching_q.suggestions_for([w.bo_party]), ()),
    "matching.queries.sureness": Reads(lambda w: matching_q.sureness([w.waiting_line]), {}),
    "matching.queries.lines_of_links": Reads(lambda w: matching_q.lines_of_links([w.link]), ()),
    "matching.queries.robot_links": Reads(
        lambda w: matching_q.robot_links(since_at=w.now - timedelta(days=9), until_at=w.later, limit=9), (), alike=True
    ),
    "matching.queries.taught": Reads(lambda w: matching_q.taught(limit=9), ()),
    "matching.queries.taught_of": Reads(lambda w: matching_q.taught_of(w.bo_party), ()),
    "matching.queries.count_live": Reads(lambda w: matching_q.count_live(), 0),
    "matching.queries.latest_linked": Reads(lambda w: matching_q.latest_linked(limit=9), []),
    "matching.queries.linked": Reads(lambda w: matching_q.linked([w.linked_line]), frozenset()),
    "matching.queries.linked_of_statement": Reads(lambda w: matching_q.linked_of_statement(w.booked), 0),
    "matching.queries.latest_by_robot": Reads(lambda w: matching_q.latest_by_robot(limit=9), (), alike=True),
    "matching.queries.made_link": Reads(lambda w: matching_q.made_link(w.link), None),
    "matching.queries.made_links": Reads(lambda w: matching_q.made_links([w.linked_line]), ()),
    "matching.queries.shares": Reads(lambda w: matching_q.shares(), (0, 0)),
    "matching.queries.links": Reads(lambda w: matching_q.links([w.linked_line]), ()),
    "matching.queries.receivables": Reads(lambda w: matching_q.receivables([w.unpaid]), {}),
    "matching.queries.verify": Reads(lambda w: matching_q.verify(), (), alike=True),
    "matching.queries.waiting_lines": Reads(lambda w: matching_q.waiting_lines(), []),
}
