internal import Errors
internal import Publishing

/// hflocd's endpoints. Each may come later, and come back.
struct DaemonEndpoints {
    let poses: Subscriber
    let record: Subscriber
    let vehicle: Subscriber
    let control: ControlClient
    let odometry: Feed?

    init(_ options: DaemonOptions) throws(Failure) {
        do throws(PublishingError) {
            // All poses, not the newest alone: who is late is told by its stamp.
            poses = try Subscriber(options.address(options.endpoint, "localization"), newestOnly: false)
            record = try Subscriber(options.address(options.record, "record"), newestOnly: false)
            vehicle = try Subscriber(options.address(options.vehicle, "vehicle"), newestOnly: false)
            control = try ControlClient(options.address(options.control, "control"))
            odometry = options.passesOdometry ? try Feed(options.address(options.odometry, "odometry")) : nil
        } catch {
            throw Failure(.usage, error.description)
        }
    }

    var subscribers: [Subscriber] { [poses, vehicle, record] }
}
