"""The loop over epochs, which is the same in both kinds of program."""

from __future__ import annotations

from bpviz.core.training.article import REPORT_EVERY
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.programs.parts import order, rate_call


def main_loop(experiment: Experiment, make: str, update: str, outputs: str, prepare: str = "") -> str:
    """Return the last part of a program.

    Parameters
    ----------
    experiment : Experiment
    make : str
        The statements that make the network.
    update : str
        The statement that trains on the samples `chosen` with the learning rate `rate`.
    outputs : str
        The expression for the outputs of the inputs {0}, as an array of numpy.
    prepare : str, optional
        Statements at the beginning of an epoch, indented by eight.
    """
    is_plateau, has_patience = experiment.schedule == "plateau", experiment.patience > 0
    lines = ["", "def main():", "    X_train, X_test, y_train, y_test = load_data()", *_indented(make, 4)]
    lines += ["    plateau = Plateau()"] * is_plateau + ["    best, best_epoch = np.inf, 0"] * has_patience
    lines += ["    for epoch in range(EPOCHS):", f"        rate, order = {rate_call(experiment)}, {order(experiment)}"]
    lines += _indented(prepare, 8)
    lines += ["        for start in range(0, len(order), BATCH_SIZE):"]
    lines += ["            chosen = order[start : start + BATCH_SIZE]", *_indented(update, 12)]
    lines += [f"        mse = np.mean(({outputs.format('X_train')} - y_train) ** 2)"] if is_plateau else []
    lines += ["        plateau.epoch_ended(mse)"] * is_plateau
    lines += [f"        if epoch % {REPORT_EVERY} == 0:"]
    lines += [] if is_plateau else [f"            mse = np.mean(({outputs.format('X_train')} - y_train) ** 2)"]
    lines += [
        each.format(outputs.format("X_test")) for each in (_CLASSES if experiment.is_classification else _NUMBERS)
    ]
    if has_patience:
        lines += [f"        mse_test = np.mean(({outputs.format('X_test')} - y_test) ** 2)", *_EARLY_STOPPING]
    return "\n".join([*lines, "", "", 'if __name__ == "__main__":', "    main()", ""])


#: What is printed of classes, and of a regression.
_CLASSES = (
    "            right = {}.argmax(axis=1) == y_test.argmax(axis=1)",
    '            print(f"Epoch: #{{epoch}}, MSE: {{mse:.6f}}, Accuracy: {{100 * np.mean(right):.2f}}%")',
)
_NUMBERS = (
    "            error = {} - y_test",
    "            mse_test, mae = np.mean(error**2), np.mean(np.abs(error))",
    "            spread = np.mean((y_test - y_test.mean(axis=0)) ** 2)",
    "            r2 = 1 - mse_test / spread if spread > 0 else np.nan",
    '            print(f"Epoch: #{{epoch}}, MSE: {{mse:.6f}}, MAE: {{mae:.6f}}, R2: {{r2:.4f}}")',
)
_EARLY_STOPPING = (
    "        if mse_test < best:",
    "            best, best_epoch = mse_test, epoch",
    "        if epoch - best_epoch >= PATIENCE:",
    "            break",
)


def constants(experiment: Experiment) -> str:
    """Return the values at the beginning of a program."""
    given = {
        "SIZES": list(experiment.sizes),
        "LEARNING_RATE": experiment.learning_rate,
        "BATCH_SIZE": experiment.batch_size,
        "EPOCHS": experiment.epochs,
    }
    given |= {"PATIENCE": experiment.patience} if experiment.patience else {}
    rule = experiment.rule
    used = {
        "MOMENTUM": rule.momentum if rule.optimiser in ("momentum", "nesterov") else 0,
        "BETA1": rule.beta1 if rule.optimiser in ("adam", "adamw") else 0,
        "BETA2": rule.beta2 if rule.optimiser in ("adam", "adamw", "rmsprop") else 0,
        "EPSILON": rule.epsilon if rule.optimiser in ("adam", "adamw", "rmsprop", "adagrad") else 0,
        "L1": rule.l1,
        "L2": rule.l2,
        "WEIGHT_DECAY": rule.weight_decay,
        "CLIP_NORM": rule.clip_norm,
    }
    given |= {name: value for name, value in used.items() if value}
    return "".join(f"{name} = {value}\n" for name, value in given.items())


def _indented(text: str, spaces: int) -> list[str]:
    return [" " * spaces + line for line in text.splitlines()]
