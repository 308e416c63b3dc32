"""Lists the photographs of an index with licence, author and origin, for a model that may be used in products, and
writes the page that names them. A photograph whose licence does not allow that is refused.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from hfnet.attribution import write_list
from hfnet.images import read_list
from hfnet.licences import ALLOWED
from hfnet.photographs import PhotographList, list_text, read_index


def refusal(index: Path, refused: dict[str, str]) -> str:
    """A line for each reason."""
    examples: dict[str, list[str]] = {}
    for name, reason in refused.items():
        examples.setdefault(reason, []).append(name)
    lines = [f"  {len(names):6d} {reason}: {names[0]}" for reason, names in examples.items()]
    return "\n".join(
        (
            f"error: {index}: {len(refused)} photographs must not teach a model for products",
            f"allowed are {', '.join(ALLOWED)}; --allowed-only leaves these out:",
            *lines,
        )
    )


def main() -> None:
    p = argparse.ArgumentParser(prog="tools/training/list-photographs", description=__doc__)
    p.add_argument("--index", type=Path, required=True, help="a table of file, licence and origin, separated by tabs")
    p.add_argument("--list", type=Path, metavar="FILE", help="only the photographs whose names are in FILE")
    p.add_argument("--allowed-only", action="store_true", help="leave out what is not allowed, instead of refusing it")
    p.add_argument(
        "--output", type=Path, default=Path("output/photographs.tsv"), help="(default output/photographs.tsv)"
    )
    args = p.parse_args()
    found, refused = read_index(args.index, set(read_list(args.list)) if args.list else None)
    if refused and not args.allowed_only:
        raise SystemExit(refusal(args.index, refused))
    if not found:
        raise SystemExit(f"error: {args.index}: no photographs")
    photographs = PhotographList(list_text(found), found)
    write_list(photographs, args.output)
    for name, count in sorted(Counter(photograph.licence for photograph in found).items()):
        print(f"{count:6d} {name}")
    print(f"{args.output}: {len(found)} photographs, {len(refused)} left out, BLAKE2b-256 {photographs.hash}")


if __name__ == "__main__":
    main()
