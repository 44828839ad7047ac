"""What each action waits for while it is disabled, for the command palette."""

from bpviz.language import N_

_NETWORK = N_("Needs a network")
_EPOCHS = N_("Needs epochs to play")
_SAMPLE = N_("Needs a selected sample")

NEEDS = {
    **dict.fromkeys(
        (
            *("reset", "run_back", "step", "step_back", "step_into", "back_out", "finish_sample", "start_sample"),
            *("step_by", "back_by", "slow_motion", "inspect_worst", "inspect_random", "inspect_wrong"),
            *("enter_sample", "enter_epoch", "save_session", "save_session_as", "bookmark"),
        ),
        _NETWORK,
    ),
    "convention_whole": N_("Needs squared error as the loss"),
    "draw": N_("Needs one or two inputs, and classes or one target"),
    "run": N_("Needs a network that is not training"),
    "pause": N_("Needs training to run"),
    "step_chosen": _SAMPLE,
    "inspect": _SAMPLE,
    "undo": N_("Needs a change to undo"),
    "redo": N_("Needs a change that was undone"),
    "fork": N_("Needs a network, and room for another branch"),
    "next_bookmark": N_("Needs a later bookmark"),
    "previous_bookmark": N_("Needs an earlier bookmark"),
    "to_start": N_("Needs a position after the start"),
    "go_live": N_("Needs a position in the past"),
    "play_past": _EPOCHS,
    "play_past_back": _EPOCHS,
    **dict.fromkeys(
        (
            *("copy_numbers", "save_numbers", "copy_latex", "copy_update_latex", "export_history"),
            *("copy_tikz", "save_tikz", "export_weights"),
        ),
        N_("Needs your prediction first: Reveal in the panel Lesson"),
    ),
    "lesson_return": N_("Needs a lesson"),
    "lesson_save": N_("Needs a lesson"),
    **dict.fromkeys(
        (
            *("next_stop", "previous_stop", "run_or_pause", "choose_panel", "two_panels"),
            *("blank", "ring", "pen", "erase", "notes"),
        ),
        N_("Needs the presentation"),
    ),
    "swap_screens": N_("Needs the presentation, and a second screen"),
    **dict.fromkeys(
        ("train_layout", "step_layout", "lecture_layout", "compare_layout", "fill", "full_screen"),
        N_("Needs the end of the presentation"),
    ),
    "recover": N_("Needs a session of a bpviz that ended unexpectedly"),
}
