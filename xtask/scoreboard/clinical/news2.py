"""NEWS2 from the chart of the Royal College of Physicians (2017), and texts that cover its grid. Shares nothing with Ward."""

import itertools

# (upper bound, points), ascending.
RESPIRATION = [(8, 3), (11, 1), (20, 0), (24, 2), (999, 3)]
SCALE_1 = [(91, 3), (93, 2), (95, 1), (100, 0)]
SCALE_2_LOW = [(83, 3), (85, 2), (87, 1), (92, 0)]
SCALE_2_OXYGEN = [(94, 1), (96, 2), (100, 3)]
PRESSURE = [(90, 3), (100, 2), (110, 1), (219, 0), (999, 3)]
PULSE = [(40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (999, 3)]
TEMPERATURE = [(350, 3), (360, 1), (380, 0), (390, 1), (999, 2)]


def band(table, value):
    return next(points for top, points in table if value <= top)


def saturation(value, scale, oxygen):
    if scale == 1:
        return band(SCALE_1, value)
    if value <= 92:
        return band(SCALE_2_LOW, value)
    return band(SCALE_2_OXYGEN, value) if oxygen else 0


def total(rr, spo2, scale, oxygen, sbp, hr, alert, temp):
    return (
        band(RESPIRATION, rr) + saturation(spo2, scale, oxygen) + (2 if oxygen else 0) + band(PRESSURE, sbp) + band(PULSE, hr)
        + (0 if alert else 3) + band(TEMPERATURE, temp)
    )


def text(rr, spo2, scale, oxygen, sbp, hr, alert, temp):
    air = "on 2 L oxygen" if oxygen else "on room air"
    mind = "Alert." if alert else "Newly confused."
    return f"VITALS\nBP {sbp}/60, HR {hr}, RR {rr}, Temp {temp // 10}.{temp % 10} C, SpO2 {spo2}% {air}. {mind}\n"


def grid(every):
    """Settings: a value of every band in all combinations, or (not `every`) each value of one measure with the others normal."""
    usual = {"rr": 16, "spo2": 97, "scale": 1, "oxygen": False, "sbp": 120, "hr": 70, "alert": True, "temp": 370}
    if not every:
        ranges = {
            "rr": range(4, 40), "spo2": range(75, 101), "sbp": range(70, 231), "hr": range(30, 181), "temp": range(340, 411),
            "oxygen": (False, True), "alert": (True, False),
        }
        for name, values in ranges.items():
            for value in values:
                yield {**usual, name: value}
        for value, oxygen in itertools.product(range(75, 101), (False, True)):
            yield {**usual, "scale": 2, "spo2": value, "oxygen": oxygen}
        return
    for scale, spo2s in ((1, (90, 91, 92, 93, 94, 95, 96)), (2, (83, 84, 86, 88, 92, 93, 94, 95, 96, 97))):
        rest = itertools.product(spo2s, (False, True), (8, 9, 12, 21, 25), (90, 91, 101, 111, 220), (40, 41, 51, 91, 111, 131), (True, False), (350, 351, 361, 381, 391))
        for spo2, oxygen, rr, sbp, hr, alert, temp in rest:
            yield {"rr": rr, "spo2": spo2, "scale": scale, "oxygen": oxygen, "sbp": sbp, "hr": hr, "alert": alert, "temp": temp}
