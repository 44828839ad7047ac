"""Ledgers and effects as commands to a session that is at work."""

import dataclasses

import numpy as np

from bpviz.session.effects.effect import Effect, Movers
from bpviz.session.effects.ledger import Ledger, LedgerProgress
from bpviz.session.engine.commands import (
    CancelLedger,
    FindMovers,
    GoTo,
    InspectSample,
    MakeLedger,
    MeasureEpoch,
    MeasureUpdate,
    Run,
    SetTrainOn,
    Step,
)
from bpviz.session.engine.events import Failed, State, Status
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate
from tests.session.effects.by_hand import change_by, trained
from tests.session.effects.test_ledger import ledger_of
from tests.session.helpers import SMALL, Driver

ENDLESS = dataclasses.replace(SMALL, epochs=1_000_000)


def test_a_ledger_is_made_of_the_epoch_that_is_wanted_and_the_screen_stays_where_it_is() -> None:
    with Driver(SMALL) as driver:
        driver.run_to_the_end()
        driver.runner.post(GoTo(Position(4, 3, 2)))
        driver.expect(Status, lambda status: status.position == Position(4, 3, 2))
        driver.runner.post(MakeLedger(1))
        assert driver.expect(LedgerProgress) == LedgerProgress(0, 28)
        ledger = driver.expect(Ledger)
        driver.runner.post(Step("operation", 1))
        driver.expect(Status, lambda status: status.position == Position(4, 3, 3))
    expected = ledger_of(trained(), 1)
    assert (ledger.epoch, ledger.n_rows) == (1, 28)
    np.testing.assert_array_equal(ledger.mse_change, expected.mse_change)


def test_while_training_runs_ledgers_are_made_beside_and_change_nothing() -> None:
    with Driver(dataclasses.replace(ENDLESS, epochs=400)) as driver:
        driver.runner.post(Run())
        driver.expect(Status, lambda status: status.position is not None and status.position.epoch > 3)
        for _ in range(3):
            driver.runner.post(MakeLedger(1))
            driver.expect(Ledger)
        driver.expect_state(State.FINISHED)
        records = driver.records()
    training = Training(dataclasses.replace(ENDLESS, epochs=400))
    np.testing.assert_allclose(
        [each.mse_train for each in records], [training.run_epoch().mse_train for _ in range(400)], rtol=1e-9
    )


def test_a_ledger_can_be_cancelled_and_another_one_made() -> None:
    with Driver(Experiment(epochs=2)) as driver:  # 1,400 rows, which take seconds
        driver.run_to_the_end()
        driver.runner.post(MakeLedger(0))
        driver.expect(LedgerProgress)
        driver.runner.post(CancelLedger())
        driver.runner.post(InspectSample(5))
        driver.expect(TracedUpdate, lambda update: update.samples.tolist() == [5])
        assert not driver.runner._engine.ledger_job.is_busy
        driver.runner.post(MakeLedger(1))
        driver.expect(LedgerProgress, lambda progress: progress.done > 0)
    assert not any(isinstance(event, Ledger) for event in driver.events)


def test_the_current_update_is_measured_whatever_its_kind() -> None:
    with Driver(SMALL) as driver:
        for command in (Step("sample", 1), InspectSample(7)):
            driver.runner.post(command)
            update = driver.expect(TracedUpdate)
            driver.runner.post(MeasureUpdate())
            effect = driver.expect(Effect)
            assert effect.update == update or effect.update is update
            changes = change_by(update, Training(SMALL))[effect.samples]
            np.testing.assert_allclose(effect.change, changes, rtol=1e-9, atol=1e-15)


def test_an_epoch_and_what_moved_a_sample_in_it_are_measured_from_the_past_while_training_runs() -> None:
    with Driver(ENDLESS) as driver:
        driver.runner.post(SetTrainOn(True))
        driver.runner.post(Run())
        driver.expect(Status, lambda status: status.position is not None and status.position.epoch > 3)
        driver.runner.post(GoTo(Position(2, 3)))
        driver.expect(Status, lambda status: status.position is not None and status.position.epoch == 2)
        driver.runner.post(MeasureEpoch(2))
        effect = driver.expect(Effect)
        driver.runner.post(FindMovers(2, 9))
        movers = driver.expect(Movers)
        row = int(np.flatnonzero(effect.samples == 9)[0])
        np.testing.assert_allclose(movers.change.sum(), effect.change[row], rtol=1e-9)


def test_what_has_not_been_trained_yet_is_refused_in_words() -> None:
    with Driver() as driver:
        for command in (MakeLedger(0), MeasureUpdate(), MeasureEpoch(0), FindMovers(0, 0)):
            driver.runner.post(command)
            assert "no network" in driver.expect(Failed).sentence
    with Driver(SMALL) as driver:
        for command in (MakeLedger(0), FindMovers(0, 0)):
            driver.runner.post(command)
            failed = driver.expect(Failed)
            assert "epoch 0 has no updates yet" in failed.sentence
            assert failed.is_beside
        driver.runner.post(Step("sample", 2))
        driver.expect(Status, lambda status: status.position == Position(0, 2))
        driver.runner.post(MeasureEpoch(0))
        assert "epoch 0 is not complete yet" in driver.expect(Failed).sentence
        driver.runner.post(FindMovers(0, 1000))
        assert "no training sample 1,000" in driver.expect(Failed).sentence
        driver.runner.post(MakeLedger(-1))
        assert "has no updates" in driver.expect(Failed).sentence
