# Written by tools/client.py; change the register of operations instead.
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Self

import httpx
import polars as pl

from tongyuan.reference.finding import FindingError

PAGE: int

class Refused(FindingError):
    status: int
    detail: str
    def __init__(self, status: int, told: Mapping[str, Any]) -> None: ...

class File:
    name: str
    content: bytes
    media: str

def plain(value: Any) -> Any: ...
def frame(told: Mapping[str, Any], rows: list[list[Any]]) -> pl.DataFrame: ...

class Office:
    language: Literal["zh", "en"]
    def __init__(
        self,
        address: str,
        token: str = "",
        *,
        language: Literal["zh", "en"] = "zh",
        transport: httpx.BaseTransport | None = None,
        timeout: float = 60.0,
    ) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, kind: object, error: object, trace: object) -> None: ...
    def close(self) -> None: ...
    def enter(self, account: str, password: str, code: str = "") -> str: ...
    def do(
        self, operation: str, asked: Mapping[str, Any], *, once: str = ""
    ) -> Mapping[str, Any] | pl.DataFrame | File: ...
    def account_add(
        self, *, account: str, title: str, organisation: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def account_change_password(self, *, old: str, new: str, once: str = "") -> Mapping[str, Any]: ...
    def account_close(self, *, account: str, once: str = "") -> Mapping[str, Any]: ...
    def account_list(self, *, once: str = "") -> pl.DataFrame: ...
    def admission_list(self, *, once: str = "") -> pl.DataFrame: ...
    def admission_page(
        self,
        *,
        submission: int,
        project: str | None = None,
        language: Literal["zh", "en"] | None = None,
        once: str = "",
    ) -> Mapping[str, Any]: ...
    def allocation_cells(
        self, *, submission: int, table: str | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def allocation_write(
        self, *, submission: int, form: str | None = None, first: date | str, last: date | str, once: str = ""
    ) -> File: ...
    def boundary_add(
        self,
        *,
        title: str,
        source: str,
        licence: str,
        review: str | None = None,
        file_name: str,
        content: bytes,
        once: str = "",
    ) -> Mapping[str, Any]: ...
    def boundary_end(self, *, boundary: int, once: str = "") -> Mapping[str, Any]: ...
    def boundary_list(self, *, once: str = "") -> pl.DataFrame: ...
    def boundary_show(self, *, boundary: int, once: str = "") -> Mapping[str, Any]: ...
    def calendar_file(
        self,
        *,
        first: date | str | None = None,
        last: date | str | None = None,
        language: Literal["zh", "en"] | None = None,
        once: str = "",
    ) -> File: ...
    def calendar_list(
        self,
        *,
        first: date | str | None = None,
        last: date | str | None = None,
        language: Literal["zh", "en"] | None = None,
        once: str = "",
    ) -> pl.DataFrame: ...
    def entry_end(self, *, once: str = "") -> Mapping[str, Any]: ...
    def factor_compare(
        self, *, process: str, product: str | None = None, species: str | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def factor_search(
        self,
        *,
        words: str | None = None,
        species: str | None = None,
        process: str | None = None,
        product: str | None = None,
        unverified: bool | None = None,
        once: str = "",
    ) -> pl.DataFrame: ...
    def factor_show(self, *, factor: str, once: str = "") -> Mapping[str, Any]: ...
    def finance_appraise(
        self, *, submission: int, table: str | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def finance_credits(
        self, *, submission: int, table: str | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def finance_incentive(
        self, *, submission: int, table: str | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def finance_rates(
        self, *, flow: Sequence[float], discount: float | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def finding_replies(self, *, submission: int, once: str = "") -> pl.DataFrame: ...
    def finding_reply(
        self,
        *,
        submission: int,
        finding: str,
        text: str,
        file_name: str | None = None,
        file_digest: str | None = None,
        once: str = "",
    ) -> Mapping[str, Any]: ...
    def grant_add(
        self,
        *,
        account: str,
        role: str,
        organisation: str | None = None,
        region: str | None = None,
        until: datetime | str | None = None,
        once: str = "",
    ) -> Mapping[str, Any]: ...
    def grant_delegate(
        self, *, account: str, role: str, until: datetime | str, once: str = ""
    ) -> Mapping[str, Any]: ...
    def grant_end(self, *, grant: int, once: str = "") -> Mapping[str, Any]: ...
    def impact_air(self, *, submission: int, table: str | None = None, once: str = "") -> pl.DataFrame: ...
    def impact_constrain(
        self, *, submission: int, lognormal: bool | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def impact_fit(
        self, *, submission: int, table: str | None = None, rising: bool | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def impact_index(
        self, *, concentrations: Sequence[str], day: date | str, once: str = ""
    ) -> pl.DataFrame: ...
    def impact_pulse(
        self, *, gas: str, tonnes: float, years: int | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def impact_screen(self, *, cuts: Sequence[str], once: str = "") -> pl.DataFrame: ...
    def job_cancel(self, *, job: int, once: str = "") -> Mapping[str, Any]: ...
    def job_list(self, *, once: str = "") -> pl.DataFrame: ...
    def job_retry(self, *, job: int, once: str = "") -> Mapping[str, Any]: ...
    def notice_list(self, *, once: str = "") -> pl.DataFrame: ...
    def notice_read(
        self, *, notice: int, earlier: bool | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def organisation_add(
        self,
        *,
        organisation: str,
        kind: str,
        region: str,
        title_zh: str,
        title_en: str,
        parent: str | None = None,
        once: str = "",
    ) -> Mapping[str, Any]: ...
    def organisation_list(self, *, once: str = "") -> pl.DataFrame: ...
    def proposal_decide(
        self, *, proposal: int, approved: bool, reason: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def proposal_list(self, *, once: str = "") -> pl.DataFrame: ...
    def public_list(self, *, once: str = "") -> pl.DataFrame: ...
    def public_page(
        self,
        *,
        run: str,
        room: str | None = None,
        language: Literal["zh", "en"] | None = None,
        once: str = "",
    ) -> Mapping[str, Any]: ...
    def public_remark(
        self, *, run: str, text: str, contact: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def region_overlap(self, *, runs: Sequence[str], once: str = "") -> pl.DataFrame: ...
    def region_share(
        self, *, submissions: Sequence[int], pool: Sequence[str], once: str = ""
    ) -> pl.DataFrame: ...
    def region_sum(
        self,
        *,
        runs: Sequence[str],
        parent: str | None = None,
        within: str | None = None,
        table: str | None = None,
        once: str = "",
    ) -> pl.DataFrame: ...
    def region_transfer(
        self, *, runs: Sequence[str], submission: int, table: str | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def run_explain(
        self,
        *,
        run: str,
        species: str,
        region: str | None = None,
        year: int | None = None,
        process: str | None = None,
        scope: str | None = None,
        top: int | None = None,
        once: str = "",
    ) -> pl.DataFrame: ...
    def run_export(
        self,
        *,
        run: str,
        form: Literal["iamc", "crt", "nfr", "gpc"],
        region: str | None = None,
        year: int | None = None,
        language: Literal["zh", "en"] | None = None,
        once: str = "",
    ) -> File: ...
    def run_file(self, *, run: str, file: str, once: str = "") -> File: ...
    def run_files(self, *, run: str, once: str = "") -> pl.DataFrame: ...
    def run_list(self, *, once: str = "") -> pl.DataFrame: ...
    def run_page(
        self, *, run: str, room: str, language: Literal["zh", "en"] | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def run_regions(
        self, *, run: str, species: str, year: int | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def run_rooms(self, *, run: str, once: str = "") -> pl.DataFrame: ...
    def run_solve(
        self, *, run: str, bounds: Sequence[Mapping[str, Any]] | pl.DataFrame | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def run_start(
        self, *, submission: int, only: Sequence[str] | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def run_table(self, *, run: str, table: str, once: str = "") -> pl.DataFrame: ...
    def run_tables(self, *, run: str, once: str = "") -> pl.DataFrame: ...
    def submission_accept(
        self, *, submission: int, version: int, reason: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def submission_download(
        self,
        *,
        submission: int,
        tables: Sequence[str] | None = None,
        language: Literal["zh", "en"] | None = None,
        once: str = "",
    ) -> File: ...
    def submission_evaluate(
        self, *, submission: int, language: Literal["zh", "en"] | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def submission_history(self, *, submission: int, once: str = "") -> pl.DataFrame: ...
    def submission_list(self, *, submission: int | None = None, once: str = "") -> pl.DataFrame: ...
    def submission_open(
        self, *, organisation: str, kind: str, period: str, once: str = ""
    ) -> Mapping[str, Any]: ...
    def submission_publish(
        self, *, submission: int, version: int, reason: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def submission_reopen(
        self, *, submission: int, version: int, reason: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def submission_replace(
        self,
        *,
        submission: int,
        version: int,
        table: str,
        rows: Sequence[Mapping[str, Any]] | pl.DataFrame | None = None,
        once: str = "",
    ) -> Mapping[str, Any]: ...
    def submission_return(
        self, *, submission: int, version: int, reason: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def submission_rows(
        self, *, submission: int, table: str, version: int | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def submission_submit(
        self, *, submission: int, version: int, reason: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def submission_tables(self, *, submission: int, once: str = "") -> pl.DataFrame: ...
    def submission_template(
        self,
        *,
        submission: int,
        tables: Sequence[str] | None = None,
        language: Literal["zh", "en"] | None = None,
        once: str = "",
    ) -> File: ...
    def submission_upload(
        self, *, submission: int, version: int, file_name: str, content: bytes, once: str = ""
    ) -> Mapping[str, Any]: ...
    def submission_verify(
        self, *, submission: int, version: int, reason: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def submission_write(
        self,
        *,
        submission: int,
        version: int,
        table: str,
        rows: Sequence[Mapping[str, Any]] | pl.DataFrame | None = None,
        removed: Sequence[int] | None = None,
        reason: str | None = None,
        once: str = "",
    ) -> Mapping[str, Any]: ...
    def token_add(
        self,
        *,
        title: str,
        until: datetime | str,
        changes: bool | None = None,
        operations: Sequence[str] | None = None,
        organisations: Sequence[str] | None = None,
        once: str = "",
    ) -> Mapping[str, Any]: ...
    def token_end(self, *, token: str, once: str = "") -> Mapping[str, Any]: ...
    def token_list(self, *, once: str = "") -> pl.DataFrame: ...
    def trail_entries(
        self,
        *,
        person: str | None = None,
        act: str | None = None,
        first: date | str | None = None,
        last: date | str | None = None,
        after: int | None = None,
        before: int | None = None,
        limit: int | None = None,
        once: str = "",
    ) -> pl.DataFrame: ...
    def trail_verify(
        self, *, number: int | None = None, digest: str | None = None, once: str = ""
    ) -> Mapping[str, Any]: ...
    def view_drop(self, *, view: int, once: str = "") -> Mapping[str, Any]: ...
    def view_keep(self, *, title: str, address: str, once: str = "") -> Mapping[str, Any]: ...
    def view_list(self, *, once: str = "") -> pl.DataFrame: ...
    def webhook_add(self, *, title: str, address: str, once: str = "") -> Mapping[str, Any]: ...
    def webhook_deliveries(self, *, once: str = "") -> pl.DataFrame: ...
    def webhook_end(self, *, webhook: int, once: str = "") -> Mapping[str, Any]: ...
    def webhook_list(self, *, once: str = "") -> pl.DataFrame: ...
    def zoning_carbon(
        self, *, submission: int, project: str, language: Literal["zh", "en"] | None = None, once: str = ""
    ) -> File: ...
    def zoning_review(
        self, *, energy: float, coal: float, day: date | str, key_field: bool | None = None, once: str = ""
    ) -> pl.DataFrame: ...
    def zoning_screen(self, *, submission: int, table: str | None = None, once: str = "") -> pl.DataFrame: ...
