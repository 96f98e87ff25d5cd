"""The job ``run``: what ``tongyuan run`` does with a folder, with a workspace that the archive holds."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tongyuan.flows.run import run_workspace, stages
from tongyuan.office.job.webhook import announce
from tongyuan.office.operation import Office
from tongyuan.office.workspace import workspace_of
from tongyuan.store.database import Session, reading, writing
from tongyuan.store.job import Job, beat
from tongyuan.store.published import publish
from tongyuan.store.scope import Scope


def name_of(job: Job) -> str:
    """Return the name of the run that a job makes: the same at every attempt."""
    return f"run-{job.job}"


def prepare(office: Office, job: Job) -> None:
    """Make the set of results, whole, in the archive; where an earlier attempt left it, nothing is done."""
    target = office.archive / name_of(job)
    scope = Scope.own(job.person, job.organisation)
    if target.exists():
        return
    for left in office.archive.glob(f".job-{job.job}-*"):
        shutil.rmtree(left, ignore_errors=True)
    with reading(office.engine, scope) as session:
        workspace = workspace_of(session, job.content["submission"], job.content["version"])
    only = tuple(job.content["only"])
    order = list(stages(only))

    def tell(stage: str) -> None:
        if stage in order:
            with writing(office.engine, scope) as session:
                beat(session, job.job, job.attempt, stage, order.index(stage) / len(order))

    scratch = office.archive / f".job-{job.job}-{job.attempt}"
    try:
        made = run_workspace(workspace, scratch, tell, only)
        _place(made.folder, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _place(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError:
        if not target.exists():  # else another attempt was first
            raise


def effect(session: Session, office: Office, job: Job, _made: None) -> Mapping[str, Any]:
    """Publish the results, in the transaction that ends the job, and let those be told who asked to be."""
    name, content = name_of(job), job.content
    digest = publish(
        session,
        office.archive,
        name,
        organisation=job.organisation,
        submission=content["submission"],
        version=content["version"],
    )
    told = {"submission": content["submission"], "version": content["version"], "run": name, "digest": digest}
    announce(session, job.organisation, "run.published", told)
    return {"run": name}
