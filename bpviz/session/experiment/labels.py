"""The names of an experiment's fields on screen and in messages."""

from __future__ import annotations

from bpviz.language import N_, _

_LABELS = {
    "dataset": N_("dataset"),
    "samples": N_("samples"),
    "noise": N_("noise"),
    "classes": N_("classes"),
    "data_seed": N_("data seed"),
    "test_share": N_("test share"),
    "split_seed": N_("split seed"),
    "scale": N_("scale"),
    "hidden": N_("hidden"),
    "activations": N_("activations"),
    "initializer": N_("initializer"),
    "seed": N_("seed"),
    "loss": N_("loss"),
    "learning_rate": N_("learning rate"),
    "batch_size": N_("batch size"),
    "shuffle": N_("shuffle"),
    "train_biases": N_("train biases"),
    "epochs": N_("epochs"),
    "optimiser": N_("optimiser"),
    "momentum": N_("momentum"),
    "beta1": N_("beta1"),
    "beta2": N_("beta2"),
    "epsilon": N_("epsilon"),
    "l1": N_("l1"),
    "l2": N_("l2"),
    "weight_decay": N_("weight decay"),
    "clip_norm": N_("clip norm"),
    "schedule": N_("schedule"),
    "schedule_epochs": N_("schedule epochs"),
    "schedule_factor": N_("schedule factor"),
    "warm_up": N_("warm up"),
    "patience": N_("patience"),
    "mistakes": N_("mistakes"),
    "leak": N_("leak"),
    "parameters": N_("parameters"),
    "table": N_("table"),
    "inputs": N_("inputs"),
    "target": N_("target"),
    "task": N_("task"),
}


def label(name: str) -> str:
    """Return the name of a field for screen texts and messages."""
    return _(_LABELS.get(name, name.replace("_", " ")))
