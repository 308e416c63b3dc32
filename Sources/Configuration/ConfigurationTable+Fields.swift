internal import LocalizationOptions

extension ConfigurationTable {
    /// Every field, in the file's order: its key, value (with type and range; the default is the value's own), unit,
    /// override, reload and text.
    package static let fields: [ConfigurationField] =
        files + endpoints + names + camera + localizer + realTime + vehicle
        + sensors + recording + security

    package static let sections = [
        ConfigurationSection(key: "camera", text: "Where frames come from."),
        ConfigurationSection(key: "localizer", text: "How hard the localizer tries, and what it demands of a pose."),
        ConfigurationSection(
            key: "localizer.gates",
            text: "What a pose must show before it is published. Lower thresholds give more poses, and more wrong ones."
        ),
        ConfigurationSection(
            key: "localizer.degraded",
            text:
                "When a pose that passed every gate is published as DEGRADED: on few inliers or a wide covariance."
        ),
        ConfigurationSection(key: "real_time", text: "How the thread from camera to publisher runs."),
        ConfigurationSection(
            key: "vehicle",
            text:
                "Where the camera sits on the vehicle. With it, each message has the vehicle's pose and its covariance."
        ),
        ConfigurationSection(
            key: "recording",
            text: """
                What comes and what becomes of it, in MCAP files: see `hfloc recording`. Asked for by a request, or \
                from the start on.
                """),
        ConfigurationSection(
            key: "security",
            text: "Who may connect by tcp:// beyond the loopback, and ask for control by tcp://: CURVE (ZeroMQ RFC 26)."
        ),
    ]

    private static let files = [
        ConfigurationField(
            "map", .at(\.map, .path), demand: .always("the map file"), override: .option("map", "FILE"),
            example: "/var/lib/hfloc/map.safetensors", "The map, made by `hfloc map build`."),
        ConfigurationField(
            "map_memory", .at(\.mapMemory, .integer(0...1_000_000)), unit: "MB",
            "The largest map that is copied into memory, where nobody can change it.",
            """
            A larger one is mapped, and is looked at every second: once another program has written over the file \
            in place, the map is out of use until the file is a good map again. While one map replaces another, \
            both are in memory: keep MemoryMax= of the unit above twice this and 200 MB.
            """),
        ConfigurationField(
            "model", .at(\.model, .path), override: .option("model", "FILE"), absence: "the installed one",
            example: "/usr/share/hfloc/hfnet.safetensors", "The network: the one that the map was built with."),
    ]

    private static let endpoints = [
        ConfigurationField(
            "publish", .at(\.endpoints, .endpoints),
            demand: .always("where to publish, as in ipc:///run/hfloc/cam0/localization"), reload: .waitsForRestart,
            override: .option("publish", "ENDPOINT"), example: "ipc:///run/hfloc/cam0/localization",
            "Where poses are published, such as ipc:///PATH or tcp://127.0.0.1:PORT.",
            """
            ipc:// and the loopback are in the clear; beyond them, tcp://HOST:PORT (0.0.0.0 for every interface) needs \
            `security`. The socket of an ipc address is for the group hfloc (0660).
            """),
        ConfigurationField(
            "control", .at(\.control, .endpoints), reload: .waitsForRestart, override: .option("control", "ENDPOINT"),
            absence: "nowhere", example: "ipc:///run/hfloc/cam0/control",
            "Where requests are answered, such as ipc:///PATH.",
            """
            A request (hfloc.v1.ControlRequest; `hfloc status` and its like) asks for the status, another place, \
            another map, a reload or the end. Over tcp://, also on the loopback, it needs `security`.
            """),
        ConfigurationField(
            "record", .at(\.wire.record, .endpoints), reload: .waitsForRestart, absence: "nowhere",
            example: "ipc:///run/hfloc/cam0/record",
            "Where recorders and bridges listen.",
            "Messages are [topic][header][payload] of poses, status, events and the camera."),
        ConfigurationField(
            "json", .at(\.wire.json, .endpoints), reload: .waitsForRestart, absence: "nowhere",
            example: "ipc:///run/hfloc/cam0/json", "Where the messages of `record` are said in JSON."),
    ]

    private static let names = [
        ConfigurationField(
            "state", .at(\.state, .path), reload: .waitsForRestart, override: .option("state", "FOLDER"),
            absence: "$STATE_DIRECTORY, which the unit sets (/var/lib/hfloc/NAME); without either, nothing is kept",
            example: "/var/lib/hfloc/cam0", "The folder in which the last place is kept over restarts.",
            "A file that is damaged, or of another map, model or calibration, is ignored."),
        ConfigurationField(
            "map_frame", .at(\.mapFrame, .text), "Name of the map's frame of reference in the messages."),
    ]

    private static let camera = [
        ConfigurationField(
            "camera.device", .at(\.device, .path), reload: .waitsForRestart, override: .option("device", "DEVICE"),
            source: .device, example: "/dev/hfloc/cam0",
            "The V4L2 device that frames come from.",
            """
            Take a name that stays: /dev/hfloc/NAME, which 70-hfloc.rules makes, or /dev/v4l/by-id/...; not \
            /dev/video0, which may change with every boot.
            """),
        ConfigurationField(
            "camera.folder", .at(\.folder, .path), reload: .waitsForRestart, override: .option("frames", "FOLDER"),
            source: .folder, example: "/var/lib/hfloc/drive",
            "Instead of a device, a folder of images that frames come from.",
            "JPEG, PNG and PGM, in the order of their names, or of its timestamps.txt ('NAME NANOSECONDS')."),
        ConfigurationField(
            "camera.calibration", .at(\.calibration, .path), demand: .always("the camera file"),
            override: .option("camera", "FILE"), example: "/etc/hfloc/cam0.camera.yaml",
            "The camera's intrinsics: a YAML file with model, width, height and parameters.",
            "It is of the whole frame, or says of which part. A device is opened at that frame's size, or at `size`."
        ),
        ConfigurationField(
            "camera.format", .at(\.format, .text), reload: .waitsForRestart, source: .device,
            absence: """
                the first that the device has of GREY, NV12, NV21, YU12, YV12 and their multi-planar kin, Y16, Y14, \
                Y12, Y10, YUYV, UYVY, YVYU, VYUY, MJPG; then any that libv4lconvert reads
                """,
            example: "GREY", "The pixel format of a device, as `v4l2-ctl --list-formats` names it."),
        ConfigurationField(
            "camera.rate", .at(\.rate, .number(0...1000)), unit: "frames per second", reload: .waitsForRestart,
            override: .option("rate", "RATE"),
            absence: "for a device, its own; for a folder, as timestamps.txt says, or 10", example: "30",
            "How fast frames come.",
            "At 0, which is for folders only, every image is handed out as soon as the one before is done."),
        ConfigurationField(
            "camera.size", .at(\.view.sizeNumbers, .pixels("width", "height", least: 16)), unit: "px",
            reload: .waitsForRestart, source: .device, absence: "that of the calibration", example: "[1280, 960]",
            "The size at which a device is opened.",
            """
            It must have the calibration's shape (640x480 and 1280x960), and the device must show the same in both: \
            the intrinsics are scaled. A device that delivers another size is refused.
            """),
        ConfigurationField(
            "camera.crop", .at(\.view.cropNumbers, .pixels("x", "y", "width", "height", least: 0)), unit: "px",
            reload: .waitsForRestart, source: .device, absence: "all of it, or the part that was calibrated",
            example: "[0, 120, 1280, 720]", "The part of a device's frame that is used.",
            "The device cuts it out if it can; the intrinsics follow."),
        ConfigurationField(
            "camera.reduction", .at(\.view.reduction, .choice(1, 2, 4, 8)), reload: .waitsForRestart, source: .device,
            "How many times smaller a device's frames are made, before anything else.",
            """
            The intrinsics follow. It must divide all of size and crop. With MJPG this is faster than to decode all \
            pixels. The network makes larger images smaller itself.
            """),
        ConfigurationField(
            "camera.controls", .at(\.controls, .controls), reload: .waitsForRestart, source: .device,
            absence: "as they are",
            example: """
                auto_exposure: 1
                exposure_time_absolute: 100
                exposure_dynamic_framerate: false
                focus_automatic_continuous: false
                focus_absolute: 0
                """,
            "Controls of a device, by the names of `v4l2-ctl --list-ctrls`.",
            """
            They are set in this order after every opening, read back, and reported where the device made something \
            else of them. What changes the intrinsics (focus) must be as it was at the calibration.
            """),
        ConfigurationField(
            "camera.loop", .at(\.loops, .boolean), reload: .waitsForRestart, override: .flag("loop"), source: .folder,
            "Begin again after the last image of a folder."),
        ConfigurationField(
            "camera.follow", .at(\.follows, .boolean), reload: .waitsForRestart, override: .flag("follow"),
            source: .folder, "After the last image of a folder, go on with those that come to it, as they come.",
            """
            All of them, in the order of their names; one that is still being written is waited for. The folder may be \
            empty at first, and cannot have a timestamps.txt.
            """),
        ConfigurationField(
            "camera.frame", .at(\.cameraFrame, .text), "Name of the camera's frame of reference in the messages."),
    ]

    private static let localizer = [
        ConfigurationField(
            "localizer.keypoints", .at(\.localizer.$maximumKeypoints), "Most keypoints of a frame."),
        ConfigurationField(
            "localizer.priors", .at(\.localizer.$priors), "Prior frames that retrieval proposes."),
        ConfigurationField(
            "localizer.cached_keyframes", .at(\.localizer.$cachedKeyframes),
            "Keyframes of the cached place around the last pose."),
        ConfigurationField(
            "localizer.failures_until_lost", .at(\.localizer.$failuresUntilLost),
            "Frames in a row without a pose after which the cached place is forgotten."),
        ConfigurationField(
            "localizer.agreement", .at(\.localizer.$agreement),
            "Frames whose motion must agree before a pose is localized, at the start and after a loss.",
            "Until then it is degraded. 1: each frame by itself."),
        ConfigurationField(
            "localizer.cheap_frames", .at(\.localizer.$cheapFrames),
            "Most frames in a row that only follow the landmarks of the last one that the network has seen.",
            """
            They take a tenth of the time, and are as accurate while the camera moves little from frame to frame. The \
            network sees a frame earlier where too few landmarks are left. 0: it sees every frame.
            """),
        ConfigurationField(
            "localizer.network_behind", .at(\.realTime.networkBehind, .boolean), reload: .waitsForRestart,
            "With cheap frames: a frame that is followed never waits for the network.",
            """
            The network sees its picture on a thread of its own, with a priority below `real_time.priority`, and a \
            later frame adopts what it has seen. Needs two CPUs; with one, or with `false`, the frame waits for the \
            network.
            """),
        ConfigurationField(
            "localizer.threads", .at(\.realTime.threads, .integer(1...16)), reload: .waitsForRestart,
            absence: "all CPUs but one (with `real_time.cpus`, those), at least 1, at most 4", example: "3",
            "Threads that share a frame's work.",
            """
            Poses do not depend on it. The helpers run on `real_time.cpus`, with a priority below \
            `real_time.priority`; while no frame is worked on they sleep.
            """),
        ConfigurationField(
            "localizer.gates.minimum_inliers", .at(\.localizer.gates.$minimumInliers),
            "Inliers of a pose that was found through retrieval."),
        ConfigurationField(
            "localizer.gates.minimum_tracked_inliers", .at(\.localizer.gates.$minimumTrackedInliers),
            "Inliers of a pose that continues the one before it."),
        ConfigurationField(
            "localizer.gates.minimum_spread", .at(\.localizer.gates.$minimumSpread),
            "Share of the image that the inliers cover."),
        ConfigurationField(
            "localizer.gates.minimum_recognition", .at(\.localizer.gates.$minimumRecognition),
            "Share of the landmarks that the pose expects in the image that are inliers.",
            """
            A pose says which landmarks of its place the camera should see; this is the share of them that was \
            recognized where the pose puts them. It is high if the place is there, and low if only one of its objects \
            is, such as a car like one on the map.
            """),
        ConfigurationField(
            "localizer.gates.maximum_rival_share", .at(\.localizer.gates.$maximumRivalShare),
            "Inliers of the best pose elsewhere over those of the pose.",
            """
            Above it the place is ambiguous: it is there twice, or its windows repeat. A stated pose, the \
            motion so far, or the odometry decides where it is clearly nearer to one of the two.
            """),
        ConfigurationField(
            "localizer.gates.maximum_beyond", .at(\.localizer.gates.$maximumBeyond),
            "Share of the inliers that the camera sees from nearer, or from farther, than any keyframe did.",
            "Above it the camera is beyond the map; above three fifths of it the pose is degraded."),
        ConfigurationField(
            "localizer.gates.minimum_purity", .at(\.localizer.gates.$minimumPurity),
            "Of the matches that a wide search finds, the share that agrees, over what the place gives.",
            "Below it a pose is degraded, and its rivals are looked for."),
        ConfigurationField(
            "localizer.gates.maximum_unseen_side", .at(\.localizer.gates.$maximumUnseenSide),
            "Of the part of the picture in which the pose expects landmarks, the share on one side that shows none.",
            """
            Above it what is recognized may be an object that has moved, or a part that repeats: until the whole place \
            has been seen the pose is degraded, with a protection level of 5 m and half a radian at least.
            """),
        ConfigurationField(
            "localizer.gates.maximum_calibration_chi_square", .at(\.localizer.gates.$maximumCalibrationChiSquare),
            "Chi square of the camera that a frame speaks for against the camera file.",
            """
            Of three degrees of freedom. Above it the pose is degraded, or withheld if the other camera would put it \
            elsewhere by more than `localizer.degraded` allows.
            """),
        ConfigurationField(
            "localizer.gates.maximum_repetitions", .at(\.localizer.gates.$maximumRepetitions),
            "Pictures in a row that may be the same though time passes.",
            """
            A sensor has noise: a picture that comes again is one of a frozen camera. For a simulator without noise, \
            allow as many as its vehicle may stand.
            """),
        ConfigurationField(
            "localizer.degraded.inliers", .at(\.localizer.degradation.$minimumInliers), "Below so many inliers."),
        ConfigurationField(
            "localizer.degraded.position_deviation_m", .at(\.localizer.degradation.$maximumPositionDeviation),
            unit: "m", "Above this standard deviation of the position, all three axes together.",
            "Of a map without scale, in its unit."),
        ConfigurationField(
            "localizer.degraded.rotation_deviation_deg",
            .at(\.localizer.degradation.$maximumRotationDeviation) { .degrees($0) }, unit: "degrees",
            "Above this standard deviation of the rotation, all three axes together."),
    ]

    private static let realTime = [
        ConfigurationField(
            "real_time.lock_memory", .at(\.realTime.locksMemory, .boolean), reload: .waitsForRestart,
            "Keep in RAM what the daemon has touched, and bring the whole map in at the start.",
            "Needs LimitMEMLOCK= in the unit."),
        ConfigurationField(
            "real_time.priority", .at(\.realTime.priority, .integer(1...99)), reload: .waitsForRestart,
            absence: "the ordinary scheduler", example: "20", "SCHED_FIFO priority of the thread.",
            """
            With `vehicle_state` the odometry's thread has it too, and those of ZeroMQ, so that messages wait for no \
            other program. Needs LimitRTPRIO= in the unit.
            """),
        ConfigurationField(
            "real_time.cpus", .at(\.realTime.cpus, .integers(0...1023)), reload: .waitsForRestart, absence: "all",
            example: "[2, 3]", "The CPUs that the thread may run on."),
    ]

    private static let vehicle = [
        ConfigurationField(
            "vehicle.base_frame", .at(\.wire.baseFrame, .text), reload: .waitsForRestart,
            "Name of the vehicle's frame of reference: x forward, y left, z up."),
        ConfigurationField(
            "vehicle.odom_frame", .at(\.wire.odomFrame, .text), reload: .waitsForRestart,
            "Name of its odometry's frame of reference."),
        ConfigurationField(
            "vehicle.base_from_camera", .at(\.wire.baseFromCamera, .pose(within: -1000...1000)), unit: "m",
            demand: .inSection("{translation: [x, y, z], rotation: [w, x, y, z]}, the camera on the vehicle"),
            reload: .waitsForRestart,
            example: "{translation: [1.2, 0.0, 1.5], rotation: [0.5, -0.5, 0.5, -0.5]}",
            "The camera on the vehicle, by x_base = R(rotation) * x_camera + translation.",
            """
            The rotation is a unit quaternion w, x, y, z. Of the camera, x is right, y down, z forward: the one of the \
            example looks straight ahead.
            """),
        ConfigurationField(
            "vehicle.odometry_drift", .at(\.wire.odometryDrift, .number(0.0001...0.5)), reload: .waitsForRestart,
            "Share of the way by which the vehicle's odometry drifts.",
            "How fast the covariance of its state grows without fixes, and what contradicts it: 0.01 is 1 % of the way."
        ),
        ConfigurationField(
            "vehicle.coasting_limit", .at(\.wire.coastingLimit, .number(0.01...1000)), unit: "m",
            reload: .waitsForRestart,
            "Standard deviation of the vehicle's position, all three axes together, above which it is LOST.",
            "Without fixes, odometry alone carries the pose up to there."),
        ConfigurationField(
            "odometry", .at(\.wire.odometry, .endpoints), reload: .waitsForRestart, absence: "nowhere",
            example: "ipc:///run/hfloc/cam0/odometry", "Where the vehicle's odometry comes in (hfloc.v1.Odometry).",
            """
            hflocd binds the address, for PUB sockets to connect to. Then each message has map_from_odom (REP-105). \
            Needs `vehicle`.
            """),
        ConfigurationField(
            "vehicle_state", .at(\.wire.vehicleState, .endpoints), reload: .waitsForRestart, absence: "nowhere",
            example: "ipc:///run/hfloc/cam0/vehicle",
            "Where the vehicle's pose is published each time its odometry comes (hfloc.v1.VehicleState).",
            """
            The last fix, carried on by the odometry, with a covariance that grows and the age of the fix. Needs \
            `odometry`.
            """),
    ]

    private static let sensors = [
        ConfigurationField(
            "position", .at(\.wire.position, .endpoints), reload: .waitsForRestart, absence: "nowhere",
            example: "ipc:///run/hfloc/cam0/position",
            "Where a satellite receiver's positions come in (hfloc.v1.Position), to be recorded.",
            "hflocd binds the address, for PUB sockets to connect to."),
        ConfigurationField(
            "imu", .at(\.wire.imu, .endpoints), reload: .waitsForRestart, absence: "nowhere",
            example: "ipc:///run/hfloc/cam0/imu",
            "Where an inertial measurement unit's readings come in (hfloc.v1.Imu), to be recorded.",
            "hflocd binds the address, for PUB sockets to connect to."),
    ]

    private static let recording = [
        ConfigurationField(
            "recording.folder", .at(\.recording.folder, .path),
            absence: "recordings in the state folder; without one, nothing can be recorded",
            example: "/var/lib/hfloc/cam0/recordings", "The folder of recordings.",
            """
            The names are hflocd's own; a request cannot choose them. The unit lets hflocd write below \
            /var/lib/hfloc/NAME; another place needs ReadWritePaths= in a drop-in.
            """),
        ConfigurationField(
            "recording.at_start", .at(\.recording.atStart, .boolean), reload: .waitsForRestart,
            "Record every run, from its start on."),
        ConfigurationField(
            "recording.file_size", .at(\.recording.fileSize, .integer(1...100_000)), unit: "MB",
            "The size at which the next file begins."),
        ConfigurationField(
            "recording.file_time", .at(\.recording.fileTime, .integer(1...86_400)), unit: "s",
            "The time after which the next file begins."),
        ConfigurationField(
            "recording.budget", .at(\.recording.budget, .integer(2...10_000_000)), unit: "MB",
            "What all recordings in the folder may take together.",
            """
            Where the next file would take more, the oldest go; a file has at most half of it. 64 MB of the disk \
            always stay free: a recording that would need them ends.
            """),
        ConfigurationField(
            "recording.quality", .at(\.recording.quality, .integer(1...100)),
            absence: "none: such images are recorded as they are", example: "90",
            "JPEG quality of images that come uncompressed.",
            """
            Without it a replay gives the same poses to the last bit. JPEG that comes from the camera is never touched.
            """),
        ConfigurationField(
            "recording.memory", .at(\.recording.memory, .integer(4...1024)), unit: "MB",
            "Memory between the frames and the disk, taken while a recording runs.",
            "A disk that is slower for longer than this holds costs images, which are counted; never a frame."),
    ]

    private static let security = [
        ConfigurationField(
            "security.secret_key", .at(\.wire.secretKey, .path), reload: .waitsForRestart,
            absence: "systemd's credential hfloc.curve", example: "/etc/hfloc/cam0.secret",
            "The daemon's secret key: a file of `hfloc keys generate` that others may not read."),
        ConfigurationField(
            "security.allow", .at(\.wire.allow, .path),
            demand: .inSection("the file with the clients' public keys, one per line"), reload: .waitsForRestart,
            example: "/etc/hfloc/clients", "The file with the clients' public keys: a line 'PUBLIC-KEY NAME' each.",
            "A line that begins with ';' is a remark. It is read at the start."),
    ]
}
