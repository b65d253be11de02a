"""R34 on eight subjects by hand, and what several trials can support."""

SECTION = "OS by whether PFS had its event by the landmark"
EFFECT = {"hr": 0.5, "lower": 0.3, "upper": 0.8}


def trials(number: int) -> dict:
    made = [
        {
            "trial": f"T{i}",
            "surrogate": {"hr": 0.3 + 0.1 * i, "lower": 0.2, "upper": 1.6},
            "os": {"hr": 0.5 + 0.08 * i, "lower": 0.3, "upper": 1.5},
            "source": "made up",
        }
        for i in range(number)
    ]
    return {"trials": made}


def test_status_at_the_landmark_and_who_is_left_out(ask):
    answer = ask("surrogacy", {"landmarks": [80], "horizon": 100})

    def n(text: str, arm: str) -> int:
        return answer.get(f"Day 80: {text}", "n", arm, SECTION)

    # CART: A3 died on day 60; SOC: B1 died on day 40
    assert (n("in the set", "CART"), n("left out, dead by then", "CART")) == (3, 1)
    assert (n("in the set", "SOC"), n("left out, dead by then", "SOC")) == (3, 1)
    # event by day 80: A1 (30), B3 (50); A1 dies on day 90, B3 on day 120: within 100 days
    line = "Day 80: event by then, OS 100 days later (%)"
    assert (answer.get(line, "N", section=SECTION), answer.get(line, section=SECTION)) == (2, 0)
    line = "Day 80: no event by then, OS 100 days later (%)"
    assert (answer.get(line, "N", section=SECTION), answer.get(line, section=SECTION)) == (4, 1)


def test_the_rank_association_stands_with_and_without_deaths(ask):
    answer = ask("surrogacy", {"landmarks": [80]})
    both = answer.get("Kendall's tau, deaths count", "events")
    alone = answer.get("Kendall's tau, deaths censored, as TTP", "events")
    assert (both, alone) == (6, 5)


def test_three_trials_are_printed_but_give_no_r_squared(ask):
    answer = ask("surrogacy", trials(3))
    assert answer.get("T1: hazard ratio of OS") == 0.58
    reason = "3 trials cannot support R squared, fewer than 6"
    assert f"not estimable: {reason}" in answer.notes("Over several trials")


def test_enough_trials_give_r_squared_and_leave_each_out(ask):
    answer = ask("surrogacy", trials(7))
    assert 0.9 < answer.get("R squared over the trials") <= 1
    assert len([r for r in answer.rows if "R squared without" in r[7] and r[13] == "estimate"]) == 7
