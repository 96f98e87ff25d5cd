"""Time slices, storage, exchanged outputs and reserve, slice by slice, as the documentation has them."""

from __future__ import annotations

from collections import defaultdict

from tests.pathway.oracle.problem import Key, Problem, Row, Terms, most_specific, number
from tests.pathway.oracle.unit import factor


class Sliced(Problem):
    """A problem some of whose flows are balanced in every slice of the year."""

    def _balance(self) -> None:
        self.slices = {r["slice"]: r for r in self.world["slice"]}
        self.hours = sum(r["hours"] for r in self.slices.values())
        self.timed = [f for f, r in self.flow.items() if r.get("balance_time") == "slice"]
        self.storage = {r["technology"]: r for r in self.world["storage"]}
        self.entries: dict[tuple[str, str, int, str], list[tuple[Key, float, str]]] = defaultdict(list)
        if self.timed:
            self._operation()
            self._exchange_by_slice()
            self._store()
        self._exchanged_outputs()
        kept = {f: r for f, r in self.flow.items() if f not in self.timed}
        every, self.flow = self.flow, kept
        super()._balance()
        self.flow = every
        self._by_year()
        for f in self.timed:
            self._in_every_slice(f)
        self._reserve()

    # what is where

    def season(self, s: str) -> list[str]:
        return [r["slice"] for r in self.world["slice"] if r["season"] == self.slices[s]["season"]]

    def days(self, s: str) -> float:
        return sum(self.slices[z]["hours"] for z in self.season(s)) / 24.0

    def seasons(self) -> list[str]:
        return list(dict.fromkeys(r["season"] for r in self.world["slice"]))

    def shape(self, k: str, n: str, s: str, column: str) -> float | None:
        rows = [r for r in self.world["technology_slice"] if r.get(column) is not None]
        row = most_specific(rows, ("node", "slice"), technology=k, node=n, slice=s)
        return None if row is None else float(row[column])

    def profile(self, k: str, n: str, s: str) -> float:
        if any(self.shape(k, n, z, "share") is not None for z in self.slices):
            return self.shape(k, n, s, "share") or 0.0
        return self.slices[s]["hours"] / self.hours

    def asked(self, f: str, n: str, y: int, s: str) -> float:
        rows = self.world["demand_slice"]
        if any(most_specific(rows, flow=f, node=n, year=y, slice=z) for z in self.slices):
            return number(most_specific(rows, flow=f, node=n, year=y, slice=s), "share")
        return self.slices[s]["hours"] / self.hours

    def mode(self, k: str, o: Row) -> str:
        """How a technology runs; empty where it touches no flow of the slices."""
        swaps = {
            f
            for r in self.world["technology_swap"]
            if r["technology"] == k
            for f in (r["flow"], r["instead_of"])
        }
        flows = [r for r in self.world["technology_flow"] if r["technology"] == k and r["flow"] in self.timed]
        devices = [r for r in self.world["control_flow"] if r["technology"] == k and r["flow"] in self.timed]
        gives = bool(swaps & set(self.timed)) or any(r["role"] == "output" for r in flows)
        if not (gives or flows or devices):
            return ""
        return o.get("operation") or ("dispatched" if gives else "profile")

    def use(self, k: str, n: str, s: str, o: Row) -> float | None:
        given = self.shape(k, n, s, "availability")
        if given is None and self.mode(k, o) == "dispatched":
            return number(o, "availability", 1.0)
        return given

    def at_full(self, k: str, o: Row, s: str) -> float:
        """Activity of a unit of capacity at full output in a slice."""
        return self.yearly_output(k, o) * self.slices[s]["hours"] / self.hours

    def activity(self, n: str, k: str, y: int, s: str, o: Row) -> Terms:
        """Activity of a technology in a slice under all its controls."""
        if self.mode(k, o) == "profile":
            return {("x", n, k, c, y): self.profile(k, n, s) for c in self.controls(n, k, y)}
        return {("y", n, k, c, y, s): 1.0 for c in self.controls(n, k, y)}

    # rows

    def _operation(self) -> None:
        for n, k, y, o in self.places():
            mode = self.mode(k, o)
            if not mode:
                continue
            for c in self.controls(n, k, y):
                for f in self.timed:
                    for role, sign in (("output", 1.0), ("input", -1.0)):
                        per = self.per_activity(k, c, f, role)
                        for s in self.slices if per else ():
                            run = ("y", n, k, c, y, s)
                            weight = self.profile(k, n, s) if mode == "profile" else 1.0
                            key = ("x", n, k, c, y) if mode == "profile" else run
                            self.entries[f, n, y, s].append((key, sign * per * weight, role))
                if mode == "profile":
                    continue
                x = ("x", n, k, c, y)
                for s in self.slices:
                    self.variable(("y", n, k, c, y, s))
                if mode == "flexible_day":
                    for g in self.seasons():
                        inside = [s for s in self.slices if self.slices[s]["season"] == g]
                        terms: Terms = {("y", n, k, c, y, s): 1.0 for s in inside}
                        terms[x] = -sum(self.profile(k, n, s) for s in inside)
                        self.limit("season of a load", (n, k, c, y, g), terms, "=", 0.0)
                else:
                    terms = {("y", n, k, c, y, s): 1.0 for s in self.slices}
                    self.limit("slices", (n, k, c, y), {**terms, x: -1.0}, "=", 0.0)
                for s in self.slices:
                    run = ("y", n, k, c, y, s)
                    most = self.shape(k, n, s, "share_max")
                    if most is not None:
                        self.limit("share of a slice", (n, k, c, y, s), {run: 1.0, x: -most}, "<=", 0.0)
                    if mode.startswith("flexible"):
                        stays = (1.0 - number(o, "flexible_share", 1.0)) * self.profile(k, n, s)
                        self.limit("inflexible", (n, k, c, y, s), {run: 1.0, x: -stays}, ">=", 0.0)
            if mode != "profile" and (o.get("capacity") or "tracked") == "tracked":
                self._room(n, k, y, o)

    def _room(self, n: str, k: str, y: int, o: Row) -> None:
        stands = self.standing(n, k, y, o)
        least = number(o, "load_min")
        for g in self.seasons() if least else ():
            self.variable(("online", n, k, y, g))
            terms = {("online", n, k, y, g): 1.0, **{v: -w for v, w in stands.items()}}
            self.limit("online", (n, k, y, g), terms, "<=", 0.0)
        for s in self.slices:
            use = self.use(k, n, s, o)
            if use is None:
                continue
            runs = self.activity(n, k, y, s, o)
            on = {("online", n, k, y, self.slices[s]["season"]): 1.0} if least else stands
            room = {v: -use * self.at_full(k, o, s) * w for v, w in on.items()}
            self.limit("capacity of a slice", (n, k, y, s), {**runs, **room}, "<=", 0.0)
            if least:
                floor = {v: -min(least, use) * self.at_full(k, o, s) * w for v, w in on.items()}
                self.limit("least load", (n, k, y, s), {**runs, **floor}, ">=", 0.0)

    def _exchange_by_slice(self) -> None:
        for v in list(self.variables):
            if v[0] in ("purchase", "sale") and v[2] in self.timed:
                direction, n, f, y = v
                row = self.price(f, n, y, direction)
                size, sign = factor(self.flow[f]["unit"]), 1.0 if direction == "purchase" else -1.0
                places = [((f, n, y), sign, direction)]
            elif v[0] == "sent" and v[3] in self.timed:
                _, a, b, f, y = v
                row = self.link(a, b, f, y)
                size = factor((row or {}).get("unit") or self.flow[f]["unit"])
                places = [((f, a, y), -1.0, "sent"), ((f, b, y), 1.0 - number(row, "loss"), "received")]
            else:
                continue
            parts = {s: ("part", *v, s) for s in self.slices}
            for s, key in parts.items():
                self.variable(key)
                for (f, n, y), weight, role in places:
                    self.entries[f, n, y, s].append((key, weight, role))
                if row is not None and row.get("limit") is not None:
                    hours = row.get("full_hours") or self.hours
                    most = row["limit"] * size * self.slices[s]["hours"] / hours
                    self.limit("power of a line", key[1:], {key: 1.0}, "<=", most)
            self.limit("slices", v, {**dict.fromkeys(parts.values(), 1.0), v: -1.0}, "=", 0.0)

    def _store(self) -> None:
        for n, k, y, o in self.places():
            r = self.storage.get(k)
            if r is None:
                continue
            f, stands = r["flow"], self.standing(n, k, y, o)
            out = self.per_activity(k, "", f, "output", device=False)
            power = out * self.yearly_output(k, o) / self.hours
            yearly = (r.get("cycle") or "day") == "year"
            turns = self.seasons() if yearly else list(self.slices)
            for s in self.slices:
                charge = ("charge", n, k, y, s)
                self.variable(charge)
                self.entries[f, n, y, s].append((charge, -1.0, "charge"))
                use = self.use(k, n, s, o)
                most = (
                    number(r, "power_in", 1.0)
                    * power
                    * self.slices[s]["hours"]
                    * (1.0 if use is None else use)
                )
                self.limit(
                    "charge",
                    (n, k, y, s),
                    {charge: 1.0, **{v: -most * w for v, w in stands.items()}},
                    "<=",
                    0.0,
                )
            for i, turn in enumerate(turns):
                if yearly:
                    inside, past = [s for s in self.slices if self.slices[s]["season"] == turn], turns[i - 1]
                    span, each = sum(self.slices[s]["hours"] for s in inside), 1.0
                else:
                    day = self.season(turn)
                    inside, past = [turn], day[day.index(turn) - 1]
                    each = self.days(turn)
                    span = self.slices[turn]["hours"] / each
                held = ("level", n, k, y, turn)
                self.variable(held)
                terms: Terms = defaultdict(float)
                terms[held] += 1.0
                terms["level", n, k, y, past] -= (1.0 - number(r, "loss")) ** span
                for s in inside:
                    terms["charge", n, k, y, s] -= r["efficiency_in"] / each
                    for v, w in self.activity(n, k, y, s, o).items():
                        terms[v] += w * out / r["efficiency_out"] / each
                self.limit("level", (n, k, y, turn), dict(terms), "=", 0.0)
                room = {v: -r["duration"] * power * w for v, w in stands.items()}
                self.limit("held", (n, k, y, turn), {held: 1.0, **room}, "<=", 0.0)

    def _exchanged_outputs(self) -> None:
        self.swaps: list[tuple[Key, Row, float]] = []
        for n, k, y, o in self.places():
            for r in self.world["technology_swap"]:
                if r["technology"] != k:
                    continue
                gained, lost = self.flow[r["flow"]]["unit"], self.flow[r["instead_of"]]["unit"]
                rate = r["rate"] * factor(r.get("rate_unit") or f"{lost}/{gained}")
                per = factor(r.get("unit") or "") if r.get("unit") else factor(gained) / factor(self.unit[k])
                by_slice = self.timed and self.mode(k, o)
                for s in self.slices if by_slice else [""]:
                    w = ("swap", n, k, r["flow"], y, s)
                    self.variable(w)
                    runs = (
                        self.activity(n, k, y, s, o)
                        if s
                        else {("x", n, k, c, y): 1.0 for c in self.controls(n, k, y)}
                    )
                    high = {v: -r["greatest"] * per * a for v, a in runs.items()}
                    self.limit("greatest exchange", w[1:], {w: 1.0, **high}, "<=", 0.0)
                    low = {v: -number(r, "least") * per * a for v, a in runs.items()}
                    self.limit("least exchange", w[1:], {w: 1.0, **low}, ">=", 0.0)
                    self.swaps.append((w, r, rate))
                    for f, weight in ((r["flow"], 1.0), (r["instead_of"], -rate)):
                        if f in self.timed:
                            self.entries[f, n, y, s].append((w, weight, "exchange"))

    def _by_year(self) -> None:
        """Exchanged outputs and storage in the balances of the year."""
        for row in self.rows:
            if (
                row.kind in ("balance", "balance equal")
                and len(row.name) == 3
                and row.name[1] not in self.timed
            ):
                n, f, y = row.name
                for w, r, rate in self.swaps:
                    if (w[1], w[4]) == (n, y):
                        for flow, weight in ((r["flow"], 1.0), (r["instead_of"], -rate)):
                            if flow == f:
                                row.terms[w] = row.terms.get(w, 0.0) + weight

    def _in_every_slice(self, f: str) -> None:
        need: dict[Key, float] = defaultdict(float)
        for r in self.world["demand"]:
            need[r["node"], r["flow"], r["year"]] += r["value"] * factor(r["unit"])
        exact = self.flow[f].get("balance") == "equal"
        for n in self.nodes:
            for y in self.years:
                for s in self.slices:
                    terms: Terms = defaultdict(float)
                    for v, w, _ in self.entries[f, n, y, s]:
                        terms[v] += w
                    asked = need[n, f, y] * self.asked(f, n, y, s)
                    if terms or asked:
                        self.limit(
                            "balance of a slice", (n, f, y, s), dict(terms), "=" if exact else ">=", asked
                        )

    def _reserve(self) -> None:
        need: dict[Key, float] = defaultdict(float)
        for r in self.world["demand"]:
            need[r["node"], r["flow"], r["year"]] += r["value"] * factor(r["unit"])
        for (f, n, y, s), entries in list(self.entries.items()):
            row = most_specific(self.world["reserve"], flow=f, node=n, year=y)
            if row is None:
                continue
            hours = self.slices[s]["hours"]
            above = (1.0 + row["margin"]) * number(row, "peak_ratio", 1.0)
            terms: Terms = defaultdict(float)
            standing = set()
            for place, k, year, o in self.places():
                use = self.use(k, n, s, o)
                out = self.per_activity(k, "", f, "output", device=False)
                tracked = (o.get("capacity") or "tracked") == "tracked"
                if (
                    (place, year) == (n, y)
                    and out
                    and tracked
                    and self.mode(k, o) != "profile"
                    and use is not None
                ):
                    standing.add(k)
                    share = use if o.get("firm") is None else o["firm"]
                    for v, w in self.standing(n, k, y, o).items():
                        terms[v] += share * out * self.yearly_output(k, o) / self.hours * w
            for v, w, role in entries:
                if role == "input":
                    terms[v] += above * w / hours
                elif role != "charge" and not (role == "output" and v[2] in standing):
                    terms[v] += w / hours
            asked = above * need[n, f, y] * self.asked(f, n, y, s) / hours
            self.limit("reserve", (n, f, y, s), dict(terms), ">=", asked)

    def further(self, kind: str, flow: str, nodes: list[str], year: int) -> Terms:
        """What storage and exchanged outputs add to production or consumption of a flow in a year."""
        terms: Terms = defaultdict(float)
        for w, r, rate in self.swaps if kind == "production" else ():
            if w[1] in nodes and w[4] == year:
                terms[w] += (flow == r["flow"]) - rate * (flow == r["instead_of"])
        if kind == "consumption":
            for v in self.variables:
                if v[0] == "charge" and v[1] in nodes and v[3] == year and self.storage[v[2]]["flow"] == flow:
                    terms[v] += 1.0
        return terms
