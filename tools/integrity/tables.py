"""The figures of the measurement, as rows for people and as JSON."""

from __future__ import annotations

import numpy as np

from .answers import is_covered, is_off, is_published, is_wrong

HEADER = ["kind", "frames", "localized", "degraded", "withheld", "wrong", "covered", "worst m, deg"]
# Of a chi square with three degrees of freedom: where 95 % lie below.
BOUND = 7.815


def figures(rows: list[dict]) -> dict:
    """Counts of one kind."""
    published = [r for r in rows if is_published(r)]
    known = [r for r in published if r["has_truth"]]
    return {
        "frames": len(rows),
        "localized": sum(r["state"] == "localized" for r in rows),
        "degraded": sum(r["state"] == "degraded" for r in rows),
        "withheld": len(rows) - len(published),
        "wrong": sum(map(is_wrong, rows)),
        "covered": sum(is_off(r) and not is_wrong(r) for r in rows),
        "worst_m": max((r["error_m"] for r in known), default=None),
        "worst_deg": max((r["error_deg"] for r in known), default=None),
        "gates": gates(rows),
    }


def gates(rows: list[dict]) -> dict[str, int]:
    """Which gate failed, how often."""
    names = [r["gate"] for r in rows if r["gate"] != "none"]
    return {name: names.count(name) for name in sorted(set(names))}


def recall(rows: list[dict]) -> dict:
    """Shares of all frames within 5 cm and half a degree, 25 cm and two; medians of the poses' errors."""
    known = [r for r in rows if is_published(r) and r["has_truth"]]
    count = max(1, len(rows))
    return {
        "5cm": sum(r["error_m"] <= 0.05 and r["error_deg"] <= 0.5 for r in known) / count,
        "25cm": sum(r["error_m"] <= 0.25 and r["error_deg"] <= 2 for r in known) / count,
        "median_m": float(np.median([r["error_m"] for r in known])) if known else None,
        "median_deg": float(np.median([r["error_deg"] for r in known])) if known else None,
    }


def consistency(rows: list[dict]) -> dict | None:
    """Normalized squared errors (three degrees of freedom: median 2.37, 95 % below 7.8), and what the protection
    level, or the deviation, makes of the errors."""
    known = [r for r in rows if is_published(r) and r["has_truth"]]
    if not known:
        return None
    result: dict = {"frames": len(known)}
    for part in ("m", "deg"):
        nees, error = (np.array([r[f"{k}_{part}"] for r in known]) for k in ("nees", "error"))
        sigma = np.array([r[f"sigma_{part}"] for r in known])
        result[part] = {
            "nees_median": float(np.median(nees)),
            "nees_in_bound": float(np.mean(nees <= BOUND)),
            "sigma_over_rms": float(np.median(sigma) / max(np.sqrt(np.mean(error**2) / 3), 1e-12)),
        }
        levels = [r[f"level_{part}"] for r in known]
        if None not in levels:
            level = np.array(levels)
            result[part]["beyond_level"] = int((error > level).sum())
            result[part]["level_over_95"] = float(np.median(level) / max(np.quantile(error, 0.95), 1e-12))
    if "beyond_level" in result["m"]:
        result["beyond_level"] = sum(not is_covered(r) for r in known)
    return result


def row(name: str, found: dict) -> list[str]:
    """One kind, for people."""
    worst = "-" if found["worst_m"] is None else f"{found['worst_m']:.2f}, {found['worst_deg']:.1f}"
    return [name, *(str(found[k]) for k in HEADER[1:-1]), worst]


def text(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown, its columns aligned."""
    widths = [max(len(r[i]) for r in [header, *rows]) for i in range(len(header))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(r, widths)) + " |" for r in [header, *rows]]
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]])


def recall_text(name: str, rows: list[dict]) -> str:
    """A line on right pictures."""
    r = recall(rows)
    median = "-" if r["median_m"] is None else f"{1000 * r['median_m']:.1f} mm, {r['median_deg']:.3f} deg"
    return f"{name}: recall {r['5cm']:.3f} at 5 cm, {r['25cm']:.3f} at 25 cm; median error {median}"


def consistency_text(name: str, rows: list[dict]) -> str:
    """Lines on covariances and protection levels."""
    c = consistency(rows)
    if c is None:
        return f"{name}: no pose to judge a covariance by"
    parts = []
    for part, label in (("m", "position"), ("deg", "rotation")):
        p = c[part]
        words = f"{label} {p['nees_median']:.2f}, {p['nees_in_bound']:.2f} in bound"
        words += f", sigma over error {p['sigma_over_rms']:.2f}"
        if "beyond_level" in p:
            words += f", {p['beyond_level']} beyond the level, level over the 95 % error {p['level_over_95']:.1f}"
        parts.append(words)
    return f"{name}: normalized error squared (median; 2.37 is right): " + "; ".join(parts)
