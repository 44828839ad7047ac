"""What each action waits for while it is disabled, for the command palette."""

_NETWORK = "Needs a network"
_EPOCHS = "Needs epochs to play"
_SAMPLE = "Needs a selected sample"

NEEDS = {
    **dict.fromkeys(
        (
            *("reset", "run_back", "step", "step_back", "step_into", "back_out", "finish_sample", "start_sample"),
            *("step_by", "back_by", "slow_motion", "inspect_worst", "inspect_random", "inspect_wrong"),
            *("enter_sample", "enter_epoch", "save_session", "save_session_as", "bookmark"),
        ),
        _NETWORK,
    ),
    "draw": "Needs one or two inputs, and classes or one target",
    "run": "Needs a network that is not training",
    "pause": "Needs training to run",
    "step_chosen": _SAMPLE,
    "inspect": _SAMPLE,
    "undo": "Needs a change to undo",
    "redo": "Needs a change that was undone",
    "fork": "Needs a network, and room for another branch",
    "next_bookmark": "Needs a later bookmark",
    "previous_bookmark": "Needs an earlier bookmark",
    "to_start": "Needs a position after the start",
    "go_live": "Needs a position in the past",
    "play_past": _EPOCHS,
    "play_past_back": _EPOCHS,
    **dict.fromkeys(
        (
            *("copy_numbers", "save_numbers", "copy_latex", "copy_update_latex", "export_history"),
            *("copy_tikz", "save_tikz", "export_weights"),
        ),
        "Needs your prediction first: Reveal in the panel Lesson",
    ),
    "lesson_return": "Needs a lesson",
    "lesson_save": "Needs a lesson",
    **dict.fromkeys(
        (
            *("next_stop", "previous_stop", "run_or_pause", "choose_panel", "two_panels"),
            *("blank", "ring", "pen", "erase", "notes"),
        ),
        "Needs the presentation",
    ),
    "swap_screens": "Needs the presentation, and a second screen",
    **dict.fromkeys(
        ("train_layout", "step_layout", "lecture_layout", "compare_layout", "fill", "full_screen"),
        "Needs the end of the presentation",
    ),
    "recover": "Needs a session of a bpviz that ended unexpectedly",
}
