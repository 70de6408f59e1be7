"""How the page looks: colours, type and corners, with nothing fetched from outside."""

from pathlib import Path

import gradio as gr
from gradio.themes.utils.colors import Color
from gradio.themes.utils.fonts import Font, LocalFont

HERE = Path(__file__).parent
STYLES = [HERE / "page.css", HERE / "review" / "review.css"]

TEAL = Color(
    "#eefaf8", "#d3f1ec", "#a9e2d9", "#73cdc0", "#3eb3a4", "#139486", "#0e7c70", "#0f635b",
    "#114f4a", "#12423e", "#062826",
)  # fmt: skip
# Told, because Gradio looks for it in the page before the theme has come, and finds orange.
WAVE = gr.WaveformOptions(waveform_progress_color=TEAL.c500)
STONE = Color(
    "#f7f7f5", "#efefec", "#e2e2de", "#cdcdc8", "#9b9ea3", "#6c717a", "#50555e", "#3a3f47",
    "#262a31", "#1b1e24", "#121418",
)  # fmt: skip
# Latin letters come with Gradio; Korean ones from whatever good font the visitor has.
KOREAN = (
    "Pretendard",
    "Apple SD Gothic Neo",
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "Malgun Gothic",
    "NanumBarunGothic",
    "NanumGothic",
)


# By the names of Gradio's theme; "*" refers to one of the hues above.
SETTINGS = {
    "body_background_fill": "*neutral_50",
    "body_background_fill_dark": "*neutral_950",
    "body_text_color": "#1b1e24",
    "body_text_color_dark": "#e9ebee",
    "body_text_color_subdued": "#5a606a",
    "body_text_color_subdued_dark": "#a7adb7",
    "background_fill_primary": "#ffffff",
    "background_fill_primary_dark": "*neutral_900",
    "background_fill_secondary": "*neutral_50",
    "background_fill_secondary_dark": "*neutral_950",
    "border_color_primary": "*neutral_200",
    "border_color_primary_dark": "#2d323a",
    "block_background_fill": "#ffffff",
    "block_background_fill_dark": "*neutral_900",
    "block_border_width": "0px",
    "block_shadow": "none",
    "block_padding": "0px",
    "block_label_background_fill": "transparent",
    "block_label_background_fill_dark": "transparent",
    "block_label_border_width": "0px",
    "block_title_text_color": "*body_text_color",
    "block_title_text_weight": "600",
    "block_title_text_size": "14px",
    "input_background_fill": "*neutral_50",
    "input_background_fill_dark": "*neutral_950",
    "input_border_color": "*neutral_300",
    "input_border_color_dark": "#3c424c",
    "input_border_color_focus": "*primary_600",
    "input_border_color_focus_dark": "*primary_400",
    "input_border_width": "1px",
    "input_placeholder_color": "#666c76",
    "input_placeholder_color_dark": "#959ba6",
    "input_radius": "10px",
    "button_primary_background_fill": "*primary_600",
    "button_primary_background_fill_hover": "*primary_700",
    "button_primary_background_fill_dark": "*primary_600",
    "button_primary_background_fill_hover_dark": "*primary_700",
    "color_accent": "*primary_600",
    "button_primary_text_color": "#ffffff",
    "button_primary_text_color_dark": "#ffffff",
    "button_primary_border_color": "transparent",
    "button_secondary_background_fill": "#ffffff",
    "button_secondary_background_fill_dark": "*neutral_800",
    "button_secondary_background_fill_hover": "*neutral_100",
    "button_secondary_background_fill_hover_dark": "*neutral_700",
    "button_secondary_border_color": "*neutral_300",
    "button_secondary_border_color_dark": "#3c424c",
    "button_border_width": "1px",
    "button_large_radius": "10px",
    "button_medium_radius": "10px",
    "button_small_radius": "999px",
    "checkbox_background_color_selected": "*primary_600",
    "checkbox_background_color_selected_dark": "*primary_500",
    "checkbox_border_color": "*neutral_400",
    "checkbox_label_background_fill": "transparent",
    "checkbox_label_background_fill_dark": "transparent",
    "checkbox_label_background_fill_selected": "*primary_50",
    "checkbox_label_background_fill_selected_dark": "*primary_900",
    "checkbox_label_border_color_selected": "*primary_500",
    "layout_gap": "16px",
    "form_gap_width": "0px",
    "loader_color": "*primary_500",
}


def theme() -> gr.themes.Base:
    """The theme, light and dark."""
    return gr.themes.Base(
        primary_hue=TEAL,
        secondary_hue=TEAL,
        neutral_hue=STONE,
        radius_size="lg",
        text_size="md",
        font=[
            LocalFont("IBM Plex Sans", weights=(400, 700)),  # 600 comes without Latin letters
            *(Font(name) for name in KOREAN),
            Font("sans-serif"),
        ],
        font_mono=[Font("ui-monospace"), Font("monospace")],
    ).set(**SETTINGS)
