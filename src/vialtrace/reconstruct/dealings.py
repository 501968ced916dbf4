"""What a party's dealings with believed ones are worth: payments, calls and parcels, each a kind of evidence."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from scipy import special

from vialtrace.reconstruct.graph import Graph, Tie

# Paying a member is what clients do; only whom several others pay pays a member as a partner does: a trader of some
# sort, whatever she buys herself. A client's family is two or three.
SEVERAL_PAYERS = 5
# A person pays a few dozen others again and again; who pays more is a firm or a platform.
FEW_PAYEES = 50

# A list of fewer than three payees is no payroll, one of hundreds a firm's.
LEAST_PAYEES = 3
MOST_PAYEES = 200
MOST_OF_PAYROLL = 3.5
MOST_OF_TWO_PAYMENTS = 2.0
LEAST_ON_WAGES = 5
# What part of a believed payer's payees, and of a member's payers, may be members: before anything is known, the
# likelier the smaller. Half of the members show nothing besides, so that it speaks against one only so far.
SHARES_OF_MEMBERS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7)
SILENT = 0.5
# Of a payee whose name is a handler's, and whom no register joins with the one who was caught.
NAMED = 0.9

# The share of all that a believed payer pays out, and what it is worth to take it, from three payments on.
_SHARES = ((0.5, 3.0), (0.3, 2.5), (0.15, 2.0), (0.08, 1.2), (0.03, 0.7))
LEAST_DEALINGS = 3
# The share of all that somebody pays out who is paid by several, and what it is worth that it goes to a believed payee.
_PASSED_ON = ((0.6, 2.5), (0.3, 1.5), (0.1, 0.7))

# Of believed parties, how many somebody must talk with before a few words with each count; one may be half believed.
LEAST_TALKED_WITH = 2.5
# Three tests, each paid in two parts, are six payments; who paid more often is no client.
MOST_BOUGHT = 6.5
# A client pays the one who sold the test and perhaps the one who drew the blood; three payees are pay, not a purchase.
MOST_SELLERS = 2
# From which weight of pay a parcel or a few words tell anything more.
PAID = 1.5
# Two parcels or more to a place where the matter goes, by who is no client.
MOST_OF_POSTING = 1.5
# What it is worth that a regular sender pays a believed party: friends of the house pay each other as well.
MOST_OF_SENDERS_PAY = 1.0
# The weight from which somebody posts too often to be a client.
REGULAR = 2.0
# How often and how long two talk before it is more than one errand.
LEAST_CALLS = 5
REGULAR_DAYS = 21

# From the seventh week to a result a client's business takes six weeks; two months is more than that.
LASTING_DAYS = 60

# What the first tells the second: how far it is believed for reasons that are not the second's.
Told = Callable[[str, str], float]


def tied(graph: Graph, node: str, told: Told, size: float, without: str) -> dict[str, float]:
    """What the node's exchanges with believed parties are worth, by line."""
    into = [(tie, told(tie.from_id, node)) for tie in graph.ties_to.get(node, ()) if tie.from_id != without]
    out = [(tie, told(tie.to_id, node)) for tie in graph.ties_from.get(node, ()) if tie.to_id != without]
    if not any(belief > 0.0 for _, belief in (*into, *out)):
        # Most nodes deal with nobody who is believed at all, and then nothing of it is worth anything.
        return {}
    paid = [(tie, belief) for tie, belief in into if tie.line == "payment" and belief > 0.05]
    paying = [(tie, belief) for tie, belief in out if tie.line == "payment" and belief > 0.05]

    def payroll(payer: str) -> float:
        """What part of a payer's other payees is of the trade, by what is known of each and whose names they bear."""
        ties = [tie for tie in graph.ties_from.get(payer, ()) if tie.line == "payment"]
        others = sorted(told(other, payer) for other in {tie.to_id for tie in ties} - {node, without})
        n_all = max((tie.n_out for tie in ties), default=1)
        others = [0.0] * (n_all - 1 - len(others)) + others
        named = max(
            (each.surplus for each in graph.claims.get(payer, ()) if each.detector == "pays_handlers"), default=0.0
        )
        # The payee asked about may be one of those who bear such a name.
        n_unknown = min(max(int(named - 1.0 - sum(others)), 0), len(others))
        return _share_of_members(graph, [NAMED] * n_unknown + others[n_unknown:])

    worth = {"payment": _inward(graph, paid, size, payroll)}
    # However many pay her for what else she does: up to three tests' payments are a client's.
    is_trader = _n_payers(graph, node) >= SEVERAL_PAYERS and sum(tie.n * belief for tie, belief in paying) > MOST_BOUGHT
    if is_trader or _sells(graph, node):
        worth["payment"] = max(worth["payment"], _outward(graph, paying, size))
    if _posts_again(graph, node, told) and not buys(graph, node, told, without):
        # Who posts week after week, and pays otherwise than a client does, pays for no test of her own.
        worth["payment"] = max(worth["payment"], *(MOST_OF_SENDERS_PAY * belief for _, belief in paying), 0.0)
    talks = [(tie, belief) for tie, belief in (*into, *out) if tie.line == "contact"]
    worth["contact"] = _talking(graph, node, talks, size)
    posted = [(tie, belief) for tie, belief in (*into, *out) if tie.line == "parcel"]
    if graph.kinds[node] == "place":
        worth["parcel"] = _receiving(graph, posted, size)
    elif (worth["payment"] >= PAID or _sells(graph, node)) and not buys(graph, node, told, without):
        # A woman who carried her own tube over the border had posted one before; only pay, or selling, makes a parcel a
        # partner's.
        worth["parcel"] = max((_posting(graph, tie, belief) for tie, belief in posted), default=0.0)
        moneyed = {tie.from_id for tie, _ in paid} | {tie.to_id for tie, _ in paying}
        worth["contact"] = max(worth["contact"], _calling(graph, node, talks, size, moneyed))
    return {line: weight for line, weight in worth.items() if weight >= 0.05}


def buys(graph: Graph, node: str, told: Told, without: str = "") -> bool:
    """Whether the node is a client as far as the records tell: it pays believed parties as often as a test takes.

    What it gets from them does not tell: a seller's friend buys as well. A client pays whom many pay; and whom several
    pay is a trader of some sort.
    """
    if node in graph.clients:
        return True
    if _sells(graph, node):
        return False
    out = [
        tie
        for tie in graph.ties_from.get(node, ())
        if tie.line == "payment" and tie.to_id != without and tie.n_in >= SEVERAL_PAYERS
    ]
    if _n_payers(graph, node) >= SEVERAL_PAYERS:
        return False
    believed = [(tie, belief) for tie in out if (belief := told(tie.to_id, node)) > 0.05]
    if len({tie.to_id for tie, _ in believed}) > MOST_SELLERS:
        return False
    return 0.5 <= sum(tie.n * belief for tie, belief in believed) <= MOST_BOUGHT


def _sells(graph: Graph, node: str) -> bool:
    """Whether the node advertises the test, takes orders for it or receives what was ordered, whoever paid for it."""
    return any(
        claim.facet == "matter" and not claim.other and claim.line in {"advert", "order"} and claim.weight >= 1.0
        for claim in graph.claims.get(node, ())
    )


def _posts_again(graph: Graph, node: str, told: Told) -> bool:
    """Whether the node posts regularly to a believed place, and is named in no order as a client."""
    return node not in graph.clients and any(
        claim.detector == "regular_senders"
        and claim.is_subject
        and claim.weight >= REGULAR
        and told(claim.other, node) >= 0.5
        for claim in graph.claims.get(node, ())
    )


def _n_payers(graph: Graph, node: str) -> int:
    """By how many the node is paid, inside the circle or not."""
    return graph.n_payers.get(node, 0)


def _posting(graph: Graph, tie: Tie, belief: float) -> float:
    """What it is worth to have posted to a believed place, for who is no client of it: one in the few who post there.

    Who lives next door posts there as well, and a client who paid in cash: one log10 unit at most for one parcel.
    """
    rarity = math.log10(graph.n_parties / (2.0 * max(tie.n_in, 1)))
    return belief * max(min(rarity, MOST_OF_POSTING if tie.n >= 2 else 1.0), 0.0)


def _receiving(graph: Graph, ties: list[tuple[Tie, float]], size: float) -> float:
    """What it is worth to a place that several believed parties post to it again and again."""
    again = _each_once((tie.from_id, belief) for tie, belief in ties if tie.n >= 2)
    return _several(graph, again, max((tie.n_in for tie, _ in ties), default=1), size, cap=3.0, single=0.0)


def _calling(
    graph: Graph, node: str, talks: list[tuple[Tie, float]], size: float, moneyed: set[str]
) -> float:
    """What a few words with two believed parties or regular ones with one are worth, for who is no client of theirs.

    Friends and family talk regularly as well, so it is one log10 unit at most. ``moneyed`` are those whose money is
    counted already: what one and the same person does with the node is one kind of evidence.
    """
    heard: dict[str, float] = {}
    n_calls: dict[str, int] = defaultdict(int)
    days: dict[str, list[date]] = defaultdict(list)
    most = 1
    for tie, belief in talks:
        other, n_others = (tie.from_id, tie.n_in) if tie.to_id == node else (tie.to_id, tie.n_out)
        most = max(most, n_others)
        if other not in moneyed:
            heard[other] = belief
            n_calls[other] += tie.n
            days[other] += [day for day in (tie.first_on, tie.last_on) if day]
    regular = [
        heard[other]
        for other, seen in days.items()
        if n_calls[other] >= LEAST_CALLS and seen and (max(seen) - min(seen)).days >= REGULAR_DAYS
    ]
    return max(
        _several(graph, sum(heard.values()), most, size, cap=1.0, single=0.0), max(regular, default=0.0)
    )


def _talking(graph: Graph, node: str, talks: list[tuple[Tie, float]], size: float) -> float:
    """What it is worth to talk with several believed parties, or for months with two.

    A client talks to one or two of them, the one who sold the test and the one who drew the blood, for some weeks.
    """
    with_whom: dict[str, list[Tie]] = defaultdict(list)
    believed: dict[str, float] = {}
    most = 1
    for tie, belief in talks:
        other, n_others = (tie.from_id, tie.n_in) if tie.to_id == node else (tie.to_id, tie.n_out)
        with_whom[other].append(tie)
        believed[other] = belief
        most = max(most, n_others)
    heard = sum(believed[other] for other, ties in with_whom.items() if sum(tie.n for tie in ties) >= 2)
    lasting = sum(believed[other] for other, ties in with_whom.items() if _is_lasting(ties))
    n_believed = heard if heard >= LEAST_TALKED_WITH else lasting
    return max(
        _several(graph, n_believed, most, size, cap=2.5, single=0.3),
        _several(graph, heard, most, size, cap=1.0, single=0.3),
    )


def _is_lasting(ties: list[Tie]) -> bool:
    """Whether two have talked again and again for longer than a client has business with anybody."""
    days = [day for tie in ties for day in (tie.first_on, tie.last_on) if day]
    return sum(tie.n for tie in ties) >= 5 and bool(days) and (max(days) - min(days)).days >= LASTING_DAYS


def _inward(graph: Graph, ties: list[tuple[Tie, float]], size: float, payroll: Callable[[str], float]) -> float:
    if not ties:
        return 0.0
    regular = _each_once((tie.from_id, belief) for tie, belief in ties if tie.n >= 2 or tie.share_out >= 0.05)
    several = _several(graph, regular, max(tie.n_in for tie, _ in ties), size, cap=2.5, single=0.0)
    # Who takes a good part of all a member pays out, and lives on it, is more than its grocer.
    share = max(
        belief * max(_share_worth(tie), _dependence_worth(tie)) * min(tie.share_in / 0.3, 1.0) for tie, belief in ties
    )
    return max(several, share, _on_payroll(graph, ties, payroll))


def _share_of_members(graph: Graph, beliefs: list[float]) -> float:
    """What part of a list is of the trade, when each on it is believed so far: the mean over ``SHARES_OF_MEMBERS``.

    The likelihood of a share is the product over the list of what is known of each, as odds against the prior.
    """
    odds = 10.0**graph.prior
    known = [max(each / max(1.0 - each, 1e-9) / odds, SILENT) for each in beliefs]
    logs = [sum(math.log(share * each + 1.0 - share) for each in known) for share in SHARES_OF_MEMBERS]
    weights = [math.exp(each - max(logs)) / share for share, each in zip(SHARES_OF_MEMBERS, logs, strict=True)]
    return sum(share * each for share, each in zip(SHARES_OF_MEMBERS, weights, strict=True)) / sum(weights)


def _paid_by_few(n_others: int) -> float:
    """The log10 likelihood ratio of having ``n_others`` payers of whom nothing is known: a shop has dozens."""
    each = [(1.0 - share * (1.0 - SILENT)) ** n_others / share for share in SHARES_OF_MEMBERS]
    return math.log10(sum(each) / sum(1.0 / share for share in SHARES_OF_MEMBERS))


def _on_payroll(graph: Graph, ties: list[tuple[Tie, float]], payroll: Callable[[str], float]) -> float:
    """What it is worth to be paid, more than once, by somebody believed: the odds of its payees against the prior.

    ``payroll`` is what part of a payer's other payees is of the trade. A grocer and a landlord stand on the same list:
    who is paid by dozens of others, or once a month, is paid as they are; and who lives on other pay less by it.
    """
    best = 0.0
    for tie, belief in ties:
        if (
            tie.n >= 2
            and LEAST_PAYEES <= tie.n_out <= MOST_PAYEES
            and (not _is_monthly(tie) or _pays_wages(graph, tie.from_id))
        ):
            share = payroll(tie.from_id)
            worth = math.log10(share / (1.0 - share)) - graph.prior + _paid_by_few(max(tie.n_in - 1, 0))
            # Twice may be a refund.
            most = MOST_OF_PAYROLL if tie.n >= LEAST_DEALINGS else MOST_OF_TWO_PAYMENTS
            best = max(best, belief * min(worth, most) * min(tie.share_in / 0.3, 1.0))
    return best


def _dependence_worth(tie: Tie) -> float:
    """What it is worth to live on the irregular pay of a believed payer who pays few others.

    About one in four of those who live on what a treasurer pays them again and again are members, against one in
    thousands of everybody: three log10 units where it is half of all their income, two where it is less, cut for
    payers of more than ``FEW_PAYEES``, who are firms and platforms. Pay that comes once a month is a wage or a rent,
    and a wage or a rent is not evidence.
    """
    if tie.n < 5 or _is_monthly(tie):
        return 0.0
    often = 2.0 if tie.n >= 20 else 1.5
    return (3.0 if tie.n >= 10 and tie.share_in >= 0.5 else often) * min(FEW_PAYEES / max(tie.n_out, 1), 1.0)


def _is_monthly(tie: Tie) -> bool:
    if not tie.first_on or not tie.last_on:
        return True
    months = (tie.last_on - tie.first_on).days / 30.44
    return bool(months >= 2.0 and 0.75 <= (tie.n - 1) / months <= 1.25)


def _pays_wages(graph: Graph, payer: str) -> bool:
    """Whether a payer pays once a month most of whom it pays again and again: then what comes monthly is no rent.

    A household's rent and its help are two or three beside whatever else it pays.
    """
    again = [tie for tie in graph.ties_from.get(payer, ()) if tie.line == "payment" and tie.n >= LEAST_DEALINGS]
    n_monthly = len({tie.to_id for tie in again if _is_monthly(tie)})
    return n_monthly >= LEAST_ON_WAGES and 2 * n_monthly >= len({tie.to_id for tie in again})


def _share_worth(tie: Tie) -> float:
    """What it is worth to take this share of all a believed payer pays: a grocer takes little, a partner much.

    Two payments are a loan, a gift or a refund as well, however large.
    """
    worth = next((worth for share, worth in _SHARES if tie.share_out >= share), 0.0)
    if tie.n < LEAST_DEALINGS:
        return min(worth, 1.0)
    return max(worth, 0.7 if tie.n >= 5 else 0.0)


def _outward(graph: Graph, ties: list[tuple[Tie, float]], size: float) -> float:
    if not ties:
        return 0.0
    several = _several(
        graph,
        _each_once((tie.to_id, belief) for tie, belief in ties if tie.n >= 2),
        max(tie.n_out for tie, _ in ties),
        size,
        cap=2.5,
        single=0.0,
    )
    # Who collects from many and passes a good part on to a member collects for it; who passes on nearly all, only so.
    passed = max(belief * _passed_worth(tie.n, tie.share_out) for tie, belief in ties)
    # Whose money goes now to this account and now to that one of the trade passes it on all the same.
    likely = [(tie, belief) for tie, belief in ties if belief >= 0.5]
    in_all = _passed_worth(sum(tie.n for tie, _ in likely), sum(tie.share_out * belief for tie, belief in likely))
    return max(several, passed, in_all)


def _passed_worth(n: int, share: float) -> float:
    """What it is worth that this share of all somebody pays out goes one way; a deposit and a rest are two."""
    if n < LEAST_DEALINGS:
        return 0.0
    return next((worth for least, worth in _PASSED_ON if share >= least), 0.0)


def _each_once(believed: Iterable[tuple[str, float]]) -> float:
    """How many are believed, each once: one person's several accounts are one person."""
    best: dict[str, float] = {}
    for other, belief in believed:
        best[other] = max(best.get(other, 0.0), belief)
    return sum(best.values())


def _several(
    graph: Graph, n_believed: float, n_counterparties: int, size: float, *, cap: float, single: float
) -> float:
    """What ``n_believed`` believed of ``n_counterparties`` are worth: the shared-clients test on the graph.

    The prior of a node pays already for how many nodes are asked; one log10 unit is kept back of the tail, since what
    a member's own counterparties look like is not known that well.
    """
    if n_believed < 1.5:
        return single * min(n_believed, 1.0)
    expected = max(n_counterparties * size / graph.n_parties, 1e-9)
    # The Poisson tail beyond one less than so many; by its own name, as it is asked of every node again and again.
    p = max(float(special.pdtrc(math.floor(n_believed + 0.25) - 1, expected)), 1e-200)
    return min(max(-math.log10(p) - 1.0, single), cap)
