"""What a message asks when its words say so plainly in this conversation: "waarom niet?", "de stap daarboven".

The model reads a message on its own, and such words mean another thing after each question. Each rule looks at the
words and at what was talked of; the first one that applies decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.actions.plain import competencies, diplomas, pay, scales, steps, talk, work

if TYPE_CHECKING:
    from bot.actions.turn import Turn

Rule = Callable[["Turn", str], bool]
"""Takes a turn and its text in lower case; sets the turn's question and says True when it applies."""


def decide(turn: Turn) -> None:
    """Set the turn's question where the words leave no doubt."""
    low = turn.text.lower()
    any(rule(turn, low) for rule in RULES)


RULES: tuple[Rule, ...] = (
    pay.how_much,
    competencies.which_differs,
    talk.is_it_in_there,
    scales.scale_above,
    work.which_is_mine,
    pay.colleague_gets_more,
    competencies.what_suits_strengths,
    work.all_reeksen,
    competencies.compared_with,
    pay.pay_of_functie,
    pay.more_pay,
    talk.speak_to_somebody,
    work.work_of_another,
    competencies.explained,
    steps.new_for_me,
    talk.forget,
    pay.amounts,
    talk.person,
    talk.again,
    steps.one_step_up,
    steps.aside,
    steps.own_step,
    diplomas.by_diploma,
    scales.how_high,
    competencies.alike,
    competencies.its_level,
    competencies.level_there,
    competencies.who_needs_it,
    competencies.explain_competency,
    competencies.levels,
    competencies.from_the_book,
    work.same_of_another,
    scales.in_that_scale,
    scales.edge,
    pay.total,
    steps.goal,
    work.of_a_kind,
    competencies.means,
)
"""The first one that applies decides, so the more particular ones stand first."""
