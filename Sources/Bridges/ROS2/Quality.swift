internal import CCycloneDDS

/// Quality of service of an endpoint. Peers whose qualities do not fit never match, and nothing says so.
public struct Quality: Sendable {
    /// Lost samples are sent again.
    var isReliable = true
    /// Who comes late gets the last samples.
    var isTransientLocal = false
    /// Samples that are kept, the newest.
    var depth: Int32 = 10

    /// ROS 2's default: reliable, volatile, keep last 10.
    public static let standard = Quality()
    /// Of /tf.
    public static let transforms = Quality(depth: 100)
    /// Takes from both kinds of publishers: a reliable reader gets nothing from a best-effort one.
    public static let anyPublisher = Quality(isReliable: false)
    /// Of ros_discovery_info.
    static let graph = Quality(isTransientLocal: true, depth: 1)

    private static let maximumBlocking: Int64 = 100_000_000

    /// As Cyclone has it; the caller deletes it.
    ///
    /// - Parameter hash: of the type's definition (REP-2016), which ROS 2 from Iron on reads; nil for none.
    func make(writer: Bool, hash: String?) -> OpaquePointer? {
        let qos = unsafe dds_create_qos()
        unsafe dds_qset_reliability(
            qos, isReliable ? DDS_RELIABILITY_RELIABLE : DDS_RELIABILITY_BEST_EFFORT,
            isReliable ? Self.maximumBlocking : 0)
        unsafe dds_qset_history(qos, DDS_HISTORY_KEEP_LAST, depth)
        unsafe dds_qset_durability(qos, isTransientLocal ? DDS_DURABILITY_TRANSIENT_LOCAL : DDS_DURABILITY_VOLATILE)
        if writer {
            unsafe dds_qset_writer_data_lifecycle(qos, false)
            if isTransientLocal {
                // What Cyclone keeps for those who join late is this history, not the one above.
                let any = DDS_LENGTH_UNLIMITED
                unsafe dds_qset_durability_service(qos, 0, DDS_HISTORY_KEEP_LAST, depth, any, any, any)
            }
        } else {
            unsafe dds_qset_ignorelocal(qos, DDS_IGNORELOCAL_PARTICIPANT)
        }
        if let hash {
            let text = "typehash=\(hash);"
            unsafe dds_qset_userdata(qos, text, text.utf8.count)
        }
        return unsafe qos
    }
}
