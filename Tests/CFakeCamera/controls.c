#include "fake.h"

#include <errno.h>
#include <string.h>

// In the order of their identifiers, as a driver lists them.
static struct control {
    uint32_t identifier, type;
    const char *name, *spelling;
    int32_t minimum, maximum, step, initial;
    // The control that must have this value for this one to be settable.
    uint32_t master, master_value;
    int read_only;
    int32_t value;
} controls[] = {
    {V4L2_CID_BRIGHTNESS, V4L2_CTRL_TYPE_INTEGER, "Brightness", "brightness", -64, 64, 1, 0, 0, 0, 0, 0},
    {V4L2_CID_EXPOSURE_AUTO, V4L2_CTRL_TYPE_MENU, "Auto Exposure", "auto_exposure", 0, 3, 1, 3, 0, 0, 0, 3},
    {V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "Exposure Time, Absolute", "exposure_time_absolute", 1, 5000,
     1, 156, V4L2_CID_EXPOSURE_AUTO, V4L2_EXPOSURE_MANUAL, 0, 156},
    {V4L2_CID_EXPOSURE_AUTO_PRIORITY, V4L2_CTRL_TYPE_BOOLEAN, "Exposure, Dynamic Framerate",
     "exposure_dynamic_framerate", 0, 1, 1, 1, 0, 0, 0, 1},
    {V4L2_CID_FOCUS_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, "Focus, Absolute", "focus_absolute", 0, 250, 5, 30,
     V4L2_CID_FOCUS_AUTO, 0, 0, 30},
    {V4L2_CID_FOCUS_AUTO, V4L2_CTRL_TYPE_BOOLEAN, "Focus, Automatic Continuous", "focus_automatic_continuous", 0, 1, 1,
     1, 0, 0, 0, 1},
    {V4L2_CID_PRIVACY, V4L2_CTRL_TYPE_BOOLEAN, "Privacy", "privacy", 0, 1, 1, 0, 0, 0, 1, 0},
};
enum { control_count = sizeof controls / sizeof *controls };

static struct control *find(uint32_t identifier) {
    for (int i = 0; i < control_count; i++)
        if (controls[i].identifier == identifier) return &controls[i];
    return NULL;
}

static int is_free(const struct control *control) {
    struct control *master = find(control->master);
    return !master || master->value == (int32_t)control->master_value;
}

void controls_reset(void) {
    for (int i = 0; i < control_count; i++) controls[i].value = controls[i].initial;
}

int32_t fake_camera_control(const char *name) {
    for (int i = 0; i < control_count; i++)
        if (!strcmp(controls[i].spelling, name)) return controls[i].value;
    return INT32_MIN;
}

static int describe(struct v4l2_queryctrl *query) {
    uint32_t above = query->id & ~V4L2_CTRL_FLAG_NEXT_CTRL;
    for (int i = 0; i < control_count; i++) {
        const struct control *control = &controls[i];
        if (control->identifier <= above) continue;
        *query = (struct v4l2_queryctrl){.id = control->identifier,
                                         .type = control->type,
                                         .minimum = control->minimum,
                                         .maximum = control->maximum,
                                         .step = control->step,
                                         .default_value = control->initial,
                                         .flags = (control->read_only ? V4L2_CTRL_FLAG_READ_ONLY : 0)
                                                  | (is_free(control) ? 0 : V4L2_CTRL_FLAG_INACTIVE)};
        memcpy(query->name, control->name, strlen(control->name));
        return 0;
    }
    return -EINVAL;
}

// Numbers are clamped and rounded to their step, as drivers do; menus are not.
static int set(struct control *control, int32_t value) {
    if (control->read_only || !is_free(control)) return -EACCES;
    if (value < control->minimum || value > control->maximum) {
        if (control->type == V4L2_CTRL_TYPE_MENU) return -ERANGE;
        value = value < control->minimum ? control->minimum : control->maximum;
    }
    control->value = control->minimum + (value - control->minimum + control->step / 2) / control->step * control->step;
    return 0;
}

int controls_answer(unsigned long request, void *argument) {
    if (request == VIDIOC_QUERYCTRL) return describe(argument);
    if (request != VIDIOC_G_CTRL && request != VIDIOC_S_CTRL) return -ENOTTY;
    struct v4l2_control *asked = argument;
    struct control *control = find(asked->id);
    if (!control) return -EINVAL;
    if (request == VIDIOC_S_CTRL) return set(control, asked->value);
    asked->value = control->value;
    return 0;
}
