/* Written by tools/generate/generate-ros-messages from ros_messages.idl. */
#include "ros_messages.h"

static const uint32_t builtin_interfaces_msg_dds__Time__ops [] =
{
  /* Time_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY | DDS_OP_FLAG_SGN, offsetof (builtin_interfaces_msg_dds__Time_, sec),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (builtin_interfaces_msg_dds__Time_, nanosec),
  DDS_OP_RTS
};

const dds_topic_descriptor_t builtin_interfaces_msg_dds__Time__desc =
{
  .m_size = sizeof (builtin_interfaces_msg_dds__Time_),
  .m_align = dds_alignof (builtin_interfaces_msg_dds__Time_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "builtin_interfaces::msg::dds_::Time_",
  .m_keys = NULL,
  .m_nops = 3,
  .m_ops = builtin_interfaces_msg_dds__Time__ops,
  .m_meta = ""
};

static const uint32_t std_msgs_msg_dds__Header__ops [] =
{
  /* Header_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (std_msgs_msg_dds__Header_, stamp), (3u << 16u) + 6u /* Time_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (std_msgs_msg_dds__Header_, frame_id),
  DDS_OP_RTS,

  /* Time_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY | DDS_OP_FLAG_SGN, offsetof (builtin_interfaces_msg_dds__Time_, sec),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (builtin_interfaces_msg_dds__Time_, nanosec),
  DDS_OP_RTS
};

const dds_topic_descriptor_t std_msgs_msg_dds__Header__desc =
{
  .m_size = sizeof (std_msgs_msg_dds__Header_),
  .m_align = dds_alignof (std_msgs_msg_dds__Header_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "std_msgs::msg::dds_::Header_",
  .m_keys = NULL,
  .m_nops = 6,
  .m_ops = std_msgs_msg_dds__Header__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__Point__ops [] =
{
  /* Point_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, z),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__Point__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__Point_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__Point_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::Point_",
  .m_keys = NULL,
  .m_nops = 4,
  .m_ops = geometry_msgs_msg_dds__Point__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__Vector3__ops [] =
{
  /* Vector3_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, z),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__Vector3__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__Vector3_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__Vector3_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::Vector3_",
  .m_keys = NULL,
  .m_nops = 4,
  .m_ops = geometry_msgs_msg_dds__Vector3__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__Quaternion__ops [] =
{
  /* Quaternion_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, z),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, w),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__Quaternion__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__Quaternion_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__Quaternion_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::Quaternion_",
  .m_keys = NULL,
  .m_nops = 5,
  .m_ops = geometry_msgs_msg_dds__Quaternion__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__Pose__ops [] =
{
  /* Pose_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Pose_, position), (3u << 16u) + 7u /* Point_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Pose_, orientation), (3u << 16u) + 11u /* Quaternion_ */,
  DDS_OP_RTS,

  /* Point_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, z),
  DDS_OP_RTS,

  /* Quaternion_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, z),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, w),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__Pose__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__Pose_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__Pose_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::Pose_",
  .m_keys = NULL,
  .m_nops = 12,
  .m_ops = geometry_msgs_msg_dds__Pose__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__PoseWithCovariance__ops [] =
{
  /* PoseWithCovariance_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__PoseWithCovariance_, pose), (3u << 16u) + 7u /* Pose_ */,
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__PoseWithCovariance_, covariance), 36u,
  DDS_OP_RTS,

  /* Pose_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Pose_, position), (3u << 16u) + 7u /* Point_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Pose_, orientation), (3u << 16u) + 11u /* Quaternion_ */,
  DDS_OP_RTS,

  /* Point_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, z),
  DDS_OP_RTS,

  /* Quaternion_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, z),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, w),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__PoseWithCovariance__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__PoseWithCovariance_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__PoseWithCovariance_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::PoseWithCovariance_",
  .m_keys = NULL,
  .m_nops = 15,
  .m_ops = geometry_msgs_msg_dds__PoseWithCovariance__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__PoseWithCovarianceStamped__ops [] =
{
  /* PoseWithCovarianceStamped_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__PoseWithCovarianceStamped_, header), (3u << 16u) + 7u /* Header_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__PoseWithCovarianceStamped_, pose), (3u << 16u) + 15u /* PoseWithCovariance_ */,
  DDS_OP_RTS,

  /* Header_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (std_msgs_msg_dds__Header_, stamp), (3u << 16u) + 6u /* Time_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (std_msgs_msg_dds__Header_, frame_id),
  DDS_OP_RTS,

  /* Time_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY | DDS_OP_FLAG_SGN, offsetof (builtin_interfaces_msg_dds__Time_, sec),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (builtin_interfaces_msg_dds__Time_, nanosec),
  DDS_OP_RTS,

  /* PoseWithCovariance_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__PoseWithCovariance_, pose), (3u << 16u) + 7u /* Pose_ */,
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__PoseWithCovariance_, covariance), 36u,
  DDS_OP_RTS,

  /* Pose_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Pose_, position), (3u << 16u) + 7u /* Point_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Pose_, orientation), (3u << 16u) + 11u /* Quaternion_ */,
  DDS_OP_RTS,

  /* Point_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, z),
  DDS_OP_RTS,

  /* Quaternion_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, z),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, w),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__PoseWithCovarianceStamped__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__PoseWithCovarianceStamped_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__PoseWithCovarianceStamped_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::PoseWithCovarianceStamped_",
  .m_keys = NULL,
  .m_nops = 24,
  .m_ops = geometry_msgs_msg_dds__PoseWithCovarianceStamped__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__Twist__ops [] =
{
  /* Twist_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Twist_, linear), (3u << 16u) + 7u /* Vector3_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Twist_, angular), (3u << 16u) + 4u /* Vector3_ */,
  DDS_OP_RTS,

  /* Vector3_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, z),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__Twist__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__Twist_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__Twist_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::Twist_",
  .m_keys = NULL,
  .m_nops = 7,
  .m_ops = geometry_msgs_msg_dds__Twist__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__TwistWithCovariance__ops [] =
{
  /* TwistWithCovariance_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__TwistWithCovariance_, twist), (3u << 16u) + 7u /* Twist_ */,
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__TwistWithCovariance_, covariance), 36u,
  DDS_OP_RTS,

  /* Twist_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Twist_, linear), (3u << 16u) + 7u /* Vector3_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Twist_, angular), (3u << 16u) + 4u /* Vector3_ */,
  DDS_OP_RTS,

  /* Vector3_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, z),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__TwistWithCovariance__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__TwistWithCovariance_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__TwistWithCovariance_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::TwistWithCovariance_",
  .m_keys = NULL,
  .m_nops = 10,
  .m_ops = geometry_msgs_msg_dds__TwistWithCovariance__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__Transform__ops [] =
{
  /* Transform_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Transform_, translation), (3u << 16u) + 7u /* Vector3_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Transform_, rotation), (3u << 16u) + 11u /* Quaternion_ */,
  DDS_OP_RTS,

  /* Vector3_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, z),
  DDS_OP_RTS,

  /* Quaternion_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, z),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, w),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__Transform__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__Transform_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__Transform_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::Transform_",
  .m_keys = NULL,
  .m_nops = 12,
  .m_ops = geometry_msgs_msg_dds__Transform__ops,
  .m_meta = ""
};

static const uint32_t geometry_msgs_msg_dds__TransformStamped__ops [] =
{
  /* TransformStamped_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__TransformStamped_, header), (3u << 16u) + 9u /* Header_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (geometry_msgs_msg_dds__TransformStamped_, child_frame_id),
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__TransformStamped_, transform), (3u << 16u) + 15u /* Transform_ */,
  DDS_OP_RTS,

  /* Header_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (std_msgs_msg_dds__Header_, stamp), (3u << 16u) + 6u /* Time_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (std_msgs_msg_dds__Header_, frame_id),
  DDS_OP_RTS,

  /* Time_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY | DDS_OP_FLAG_SGN, offsetof (builtin_interfaces_msg_dds__Time_, sec),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (builtin_interfaces_msg_dds__Time_, nanosec),
  DDS_OP_RTS,

  /* Transform_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Transform_, translation), (3u << 16u) + 7u /* Vector3_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Transform_, rotation), (3u << 16u) + 11u /* Quaternion_ */,
  DDS_OP_RTS,

  /* Vector3_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, z),
  DDS_OP_RTS,

  /* Quaternion_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, z),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, w),
  DDS_OP_RTS
};

const dds_topic_descriptor_t geometry_msgs_msg_dds__TransformStamped__desc =
{
  .m_size = sizeof (geometry_msgs_msg_dds__TransformStamped_),
  .m_align = dds_alignof (geometry_msgs_msg_dds__TransformStamped_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "geometry_msgs::msg::dds_::TransformStamped_",
  .m_keys = NULL,
  .m_nops = 22,
  .m_ops = geometry_msgs_msg_dds__TransformStamped__ops,
  .m_meta = ""
};

static const uint32_t nav_msgs_msg_dds__Odometry__ops [] =
{
  /* Odometry_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (nav_msgs_msg_dds__Odometry_, header), (3u << 16u) + 12u /* Header_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (nav_msgs_msg_dds__Odometry_, child_frame_id),
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (nav_msgs_msg_dds__Odometry_, pose), (3u << 16u) + 18u /* PoseWithCovariance_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (nav_msgs_msg_dds__Odometry_, twist), (3u << 16u) + 45u /* TwistWithCovariance_ */,
  DDS_OP_RTS,

  /* Header_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (std_msgs_msg_dds__Header_, stamp), (3u << 16u) + 6u /* Time_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (std_msgs_msg_dds__Header_, frame_id),
  DDS_OP_RTS,

  /* Time_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY | DDS_OP_FLAG_SGN, offsetof (builtin_interfaces_msg_dds__Time_, sec),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (builtin_interfaces_msg_dds__Time_, nanosec),
  DDS_OP_RTS,

  /* PoseWithCovariance_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__PoseWithCovariance_, pose), (3u << 16u) + 7u /* Pose_ */,
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__PoseWithCovariance_, covariance), 36u,
  DDS_OP_RTS,

  /* Pose_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Pose_, position), (3u << 16u) + 7u /* Point_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Pose_, orientation), (3u << 16u) + 11u /* Quaternion_ */,
  DDS_OP_RTS,

  /* Point_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Point_, z),
  DDS_OP_RTS,

  /* Quaternion_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, z),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, w),
  DDS_OP_RTS,

  /* TwistWithCovariance_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__TwistWithCovariance_, twist), (3u << 16u) + 7u /* Twist_ */,
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__TwistWithCovariance_, covariance), 36u,
  DDS_OP_RTS,

  /* Twist_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Twist_, linear), (3u << 16u) + 7u /* Vector3_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Twist_, angular), (3u << 16u) + 4u /* Vector3_ */,
  DDS_OP_RTS,

  /* Vector3_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, z),
  DDS_OP_RTS
};

const dds_topic_descriptor_t nav_msgs_msg_dds__Odometry__desc =
{
  .m_size = sizeof (nav_msgs_msg_dds__Odometry_),
  .m_align = dds_alignof (nav_msgs_msg_dds__Odometry_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "nav_msgs::msg::dds_::Odometry_",
  .m_keys = NULL,
  .m_nops = 36,
  .m_ops = nav_msgs_msg_dds__Odometry__ops,
  .m_meta = ""
};

static const uint32_t sensor_msgs_msg_dds__RegionOfInterest__ops [] =
{
  /* RegionOfInterest_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, x_offset),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, y_offset),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, height),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, width),
  DDS_OP_ADR | DDS_OP_TYPE_BLN, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, do_rectify),
  DDS_OP_RTS
};

const dds_topic_descriptor_t sensor_msgs_msg_dds__RegionOfInterest__desc =
{
  .m_size = sizeof (sensor_msgs_msg_dds__RegionOfInterest_),
  .m_align = dds_alignof (sensor_msgs_msg_dds__RegionOfInterest_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "sensor_msgs::msg::dds_::RegionOfInterest_",
  .m_keys = NULL,
  .m_nops = 6,
  .m_ops = sensor_msgs_msg_dds__RegionOfInterest__ops,
  .m_meta = ""
};

static const uint32_t sensor_msgs_msg_dds__CameraInfo__ops [] =
{
  /* CameraInfo_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (sensor_msgs_msg_dds__CameraInfo_, header), (3u << 16u) + 28u /* Header_ */,
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__CameraInfo_, height),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__CameraInfo_, width),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (sensor_msgs_msg_dds__CameraInfo_, distortion_model),
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_8BY | DDS_OP_FLAG_FP, offsetof (sensor_msgs_msg_dds__CameraInfo_, d),
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_8BY | DDS_OP_FLAG_FP, offsetof (sensor_msgs_msg_dds__CameraInfo_, k), 9u,
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_8BY | DDS_OP_FLAG_FP, offsetof (sensor_msgs_msg_dds__CameraInfo_, r), 9u,
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_8BY | DDS_OP_FLAG_FP, offsetof (sensor_msgs_msg_dds__CameraInfo_, p), 12u,
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__CameraInfo_, binning_x),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__CameraInfo_, binning_y),
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (sensor_msgs_msg_dds__CameraInfo_, roi), (3u << 16u) + 15u /* RegionOfInterest_ */,
  DDS_OP_RTS,

  /* Header_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (std_msgs_msg_dds__Header_, stamp), (3u << 16u) + 6u /* Time_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (std_msgs_msg_dds__Header_, frame_id),
  DDS_OP_RTS,

  /* Time_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY | DDS_OP_FLAG_SGN, offsetof (builtin_interfaces_msg_dds__Time_, sec),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (builtin_interfaces_msg_dds__Time_, nanosec),
  DDS_OP_RTS,

  /* RegionOfInterest_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, x_offset),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, y_offset),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, height),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, width),
  DDS_OP_ADR | DDS_OP_TYPE_BLN, offsetof (sensor_msgs_msg_dds__RegionOfInterest_, do_rectify),
  DDS_OP_RTS
};

const dds_topic_descriptor_t sensor_msgs_msg_dds__CameraInfo__desc =
{
  .m_size = sizeof (sensor_msgs_msg_dds__CameraInfo_),
  .m_align = dds_alignof (sensor_msgs_msg_dds__CameraInfo_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "sensor_msgs::msg::dds_::CameraInfo_",
  .m_keys = NULL,
  .m_nops = 24,
  .m_ops = sensor_msgs_msg_dds__CameraInfo__ops,
  .m_meta = ""
};

static const uint32_t tf2_msgs_msg_dds__TFMessage__ops [] =
{
  /* TFMessage_ */
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (tf2_msgs_msg_dds__TFMessage_, transforms), sizeof (geometry_msgs_msg_dds__TransformStamped_), (4u << 16u) + 5u /* TransformStamped_ */,
  DDS_OP_RTS,

  /* TransformStamped_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__TransformStamped_, header), (3u << 16u) + 9u /* Header_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (geometry_msgs_msg_dds__TransformStamped_, child_frame_id),
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__TransformStamped_, transform), (3u << 16u) + 15u /* Transform_ */,
  DDS_OP_RTS,

  /* Header_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (std_msgs_msg_dds__Header_, stamp), (3u << 16u) + 6u /* Time_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (std_msgs_msg_dds__Header_, frame_id),
  DDS_OP_RTS,

  /* Time_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY | DDS_OP_FLAG_SGN, offsetof (builtin_interfaces_msg_dds__Time_, sec),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (builtin_interfaces_msg_dds__Time_, nanosec),
  DDS_OP_RTS,

  /* Transform_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Transform_, translation), (3u << 16u) + 7u /* Vector3_ */,
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (geometry_msgs_msg_dds__Transform_, rotation), (3u << 16u) + 11u /* Quaternion_ */,
  DDS_OP_RTS,

  /* Vector3_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Vector3_, z),
  DDS_OP_RTS,

  /* Quaternion_ */
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, x),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, y),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, z),
  DDS_OP_ADR | DDS_OP_TYPE_8BY | DDS_OP_FLAG_FP, offsetof (geometry_msgs_msg_dds__Quaternion_, w),
  DDS_OP_RTS
};

const dds_topic_descriptor_t tf2_msgs_msg_dds__TFMessage__desc =
{
  .m_size = sizeof (tf2_msgs_msg_dds__TFMessage_),
  .m_align = dds_alignof (tf2_msgs_msg_dds__TFMessage_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "tf2_msgs::msg::dds_::TFMessage_",
  .m_keys = NULL,
  .m_nops = 24,
  .m_ops = tf2_msgs_msg_dds__TFMessage__ops,
  .m_meta = ""
};

static const uint32_t diagnostic_msgs_msg_dds__KeyValue__ops [] =
{
  /* KeyValue_ */
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__KeyValue_, key),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__KeyValue_, value),
  DDS_OP_RTS
};

const dds_topic_descriptor_t diagnostic_msgs_msg_dds__KeyValue__desc =
{
  .m_size = sizeof (diagnostic_msgs_msg_dds__KeyValue_),
  .m_align = dds_alignof (diagnostic_msgs_msg_dds__KeyValue_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "diagnostic_msgs::msg::dds_::KeyValue_",
  .m_keys = NULL,
  .m_nops = 3,
  .m_ops = diagnostic_msgs_msg_dds__KeyValue__ops,
  .m_meta = ""
};

static const uint32_t diagnostic_msgs_msg_dds__DiagnosticStatus__ops [] =
{
  /* DiagnosticStatus_ */
  DDS_OP_ADR | DDS_OP_TYPE_1BY, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, level),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, name),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, message),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, hardware_id),
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, values), sizeof (diagnostic_msgs_msg_dds__KeyValue_), (4u << 16u) + 5u /* KeyValue_ */,
  DDS_OP_RTS,

  /* KeyValue_ */
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__KeyValue_, key),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__KeyValue_, value),
  DDS_OP_RTS
};

const dds_topic_descriptor_t diagnostic_msgs_msg_dds__DiagnosticStatus__desc =
{
  .m_size = sizeof (diagnostic_msgs_msg_dds__DiagnosticStatus_),
  .m_align = dds_alignof (diagnostic_msgs_msg_dds__DiagnosticStatus_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "diagnostic_msgs::msg::dds_::DiagnosticStatus_",
  .m_keys = NULL,
  .m_nops = 9,
  .m_ops = diagnostic_msgs_msg_dds__DiagnosticStatus__ops,
  .m_meta = ""
};

static const uint32_t diagnostic_msgs_msg_dds__DiagnosticArray__ops [] =
{
  /* DiagnosticArray_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (diagnostic_msgs_msg_dds__DiagnosticArray_, header), (3u << 16u) + 8u /* Header_ */,
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (diagnostic_msgs_msg_dds__DiagnosticArray_, status), sizeof (diagnostic_msgs_msg_dds__DiagnosticStatus_), (4u << 16u) + 16u /* DiagnosticStatus_ */,
  DDS_OP_RTS,

  /* Header_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (std_msgs_msg_dds__Header_, stamp), (3u << 16u) + 6u /* Time_ */,
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (std_msgs_msg_dds__Header_, frame_id),
  DDS_OP_RTS,

  /* Time_ */
  DDS_OP_ADR | DDS_OP_TYPE_4BY | DDS_OP_FLAG_SGN, offsetof (builtin_interfaces_msg_dds__Time_, sec),
  DDS_OP_ADR | DDS_OP_TYPE_4BY, offsetof (builtin_interfaces_msg_dds__Time_, nanosec),
  DDS_OP_RTS,

  /* DiagnosticStatus_ */
  DDS_OP_ADR | DDS_OP_TYPE_1BY, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, level),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, name),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, message),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, hardware_id),
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (diagnostic_msgs_msg_dds__DiagnosticStatus_, values), sizeof (diagnostic_msgs_msg_dds__KeyValue_), (4u << 16u) + 5u /* KeyValue_ */,
  DDS_OP_RTS,

  /* KeyValue_ */
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__KeyValue_, key),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (diagnostic_msgs_msg_dds__KeyValue_, value),
  DDS_OP_RTS
};

const dds_topic_descriptor_t diagnostic_msgs_msg_dds__DiagnosticArray__desc =
{
  .m_size = sizeof (diagnostic_msgs_msg_dds__DiagnosticArray_),
  .m_align = dds_alignof (diagnostic_msgs_msg_dds__DiagnosticArray_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "diagnostic_msgs::msg::dds_::DiagnosticArray_",
  .m_keys = NULL,
  .m_nops = 18,
  .m_ops = diagnostic_msgs_msg_dds__DiagnosticArray__ops,
  .m_meta = ""
};

static const uint32_t rmw_dds_common_msg_dds__Gid__ops [] =
{
  /* Gid_ */
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_1BY, offsetof (rmw_dds_common_msg_dds__Gid_, data), 16u,
  DDS_OP_RTS
};

const dds_topic_descriptor_t rmw_dds_common_msg_dds__Gid__desc =
{
  .m_size = sizeof (rmw_dds_common_msg_dds__Gid_),
  .m_align = dds_alignof (rmw_dds_common_msg_dds__Gid_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "rmw_dds_common::msg::dds_::Gid_",
  .m_keys = NULL,
  .m_nops = 2,
  .m_ops = rmw_dds_common_msg_dds__Gid__ops,
  .m_meta = ""
};

static const uint32_t rmw_dds_common_msg_dds__NodeEntitiesInfo__ops [] =
{
  /* NodeEntitiesInfo_ */
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (rmw_dds_common_msg_dds__NodeEntitiesInfo_, node_namespace),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (rmw_dds_common_msg_dds__NodeEntitiesInfo_, node_name),
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_msg_dds__NodeEntitiesInfo_, reader_gid_seq), sizeof (rmw_dds_common_msg_dds__Gid_), (4u << 16u) + 9u /* Gid_ */,
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_msg_dds__NodeEntitiesInfo_, writer_gid_seq), sizeof (rmw_dds_common_msg_dds__Gid_), (4u << 16u) + 5u /* Gid_ */,
  DDS_OP_RTS,

  /* Gid_ */
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_1BY, offsetof (rmw_dds_common_msg_dds__Gid_, data), 16u,
  DDS_OP_RTS
};

const dds_topic_descriptor_t rmw_dds_common_msg_dds__NodeEntitiesInfo__desc =
{
  .m_size = sizeof (rmw_dds_common_msg_dds__NodeEntitiesInfo_),
  .m_align = dds_alignof (rmw_dds_common_msg_dds__NodeEntitiesInfo_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "rmw_dds_common::msg::dds_::NodeEntitiesInfo_",
  .m_keys = NULL,
  .m_nops = 7,
  .m_ops = rmw_dds_common_msg_dds__NodeEntitiesInfo__ops,
  .m_meta = ""
};

static const uint32_t rmw_dds_common_msg_dds__ParticipantEntitiesInfo__ops [] =
{
  /* ParticipantEntitiesInfo_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (rmw_dds_common_msg_dds__ParticipantEntitiesInfo_, gid), (3u << 16u) + 8u /* Gid_ */,
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_msg_dds__ParticipantEntitiesInfo_, node_entities_info_seq), sizeof (rmw_dds_common_msg_dds__NodeEntitiesInfo_), (4u << 16u) + 9u /* NodeEntitiesInfo_ */,
  DDS_OP_RTS,

  /* Gid_ */
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_1BY, offsetof (rmw_dds_common_msg_dds__Gid_, data), 16u,
  DDS_OP_RTS,

  /* NodeEntitiesInfo_ */
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (rmw_dds_common_msg_dds__NodeEntitiesInfo_, node_namespace),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (rmw_dds_common_msg_dds__NodeEntitiesInfo_, node_name),
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_msg_dds__NodeEntitiesInfo_, reader_gid_seq), sizeof (rmw_dds_common_msg_dds__Gid_), (4u << 16u) + 65528u /* Gid_ */,
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_msg_dds__NodeEntitiesInfo_, writer_gid_seq), sizeof (rmw_dds_common_msg_dds__Gid_), (4u << 16u) + 65524u /* Gid_ */,
  DDS_OP_RTS
};

const dds_topic_descriptor_t rmw_dds_common_msg_dds__ParticipantEntitiesInfo__desc =
{
  .m_size = sizeof (rmw_dds_common_msg_dds__ParticipantEntitiesInfo_),
  .m_align = dds_alignof (rmw_dds_common_msg_dds__ParticipantEntitiesInfo_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_",
  .m_keys = NULL,
  .m_nops = 10,
  .m_ops = rmw_dds_common_msg_dds__ParticipantEntitiesInfo__ops,
  .m_meta = ""
};

static const uint32_t rmw_dds_common_humble_msg_dds__Gid__ops [] =
{
  /* Gid_ */
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_1BY, offsetof (rmw_dds_common_humble_msg_dds__Gid_, data), 24u,
  DDS_OP_RTS
};

const dds_topic_descriptor_t rmw_dds_common_humble_msg_dds__Gid__desc =
{
  .m_size = sizeof (rmw_dds_common_humble_msg_dds__Gid_),
  .m_align = dds_alignof (rmw_dds_common_humble_msg_dds__Gid_),
  .m_flagset = DDS_TOPIC_FIXED_SIZE,
  .m_nkeys = 0u,
  .m_typename = "rmw_dds_common_humble::msg::dds_::Gid_",
  .m_keys = NULL,
  .m_nops = 2,
  .m_ops = rmw_dds_common_humble_msg_dds__Gid__ops,
  .m_meta = ""
};

static const uint32_t rmw_dds_common_humble_msg_dds__NodeEntitiesInfo__ops [] =
{
  /* NodeEntitiesInfo_ */
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_, node_namespace),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_, node_name),
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_, reader_gid_seq), sizeof (rmw_dds_common_humble_msg_dds__Gid_), (4u << 16u) + 9u /* Gid_ */,
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_, writer_gid_seq), sizeof (rmw_dds_common_humble_msg_dds__Gid_), (4u << 16u) + 5u /* Gid_ */,
  DDS_OP_RTS,

  /* Gid_ */
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_1BY, offsetof (rmw_dds_common_humble_msg_dds__Gid_, data), 24u,
  DDS_OP_RTS
};

const dds_topic_descriptor_t rmw_dds_common_humble_msg_dds__NodeEntitiesInfo__desc =
{
  .m_size = sizeof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_),
  .m_align = dds_alignof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "rmw_dds_common_humble::msg::dds_::NodeEntitiesInfo_",
  .m_keys = NULL,
  .m_nops = 7,
  .m_ops = rmw_dds_common_humble_msg_dds__NodeEntitiesInfo__ops,
  .m_meta = ""
};

static const uint32_t rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo__ops [] =
{
  /* ParticipantEntitiesInfo_ */
  DDS_OP_ADR | DDS_OP_TYPE_EXT, offsetof (rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_, gid), (3u << 16u) + 8u /* Gid_ */,
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_, node_entities_info_seq), sizeof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_), (4u << 16u) + 9u /* NodeEntitiesInfo_ */,
  DDS_OP_RTS,

  /* Gid_ */
  DDS_OP_ADR | DDS_OP_TYPE_ARR | DDS_OP_SUBTYPE_1BY, offsetof (rmw_dds_common_humble_msg_dds__Gid_, data), 24u,
  DDS_OP_RTS,

  /* NodeEntitiesInfo_ */
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_, node_namespace),
  DDS_OP_ADR | DDS_OP_TYPE_STR, offsetof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_, node_name),
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_, reader_gid_seq), sizeof (rmw_dds_common_humble_msg_dds__Gid_), (4u << 16u) + 65528u /* Gid_ */,
  DDS_OP_ADR | DDS_OP_TYPE_SEQ | DDS_OP_SUBTYPE_STU, offsetof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_, writer_gid_seq), sizeof (rmw_dds_common_humble_msg_dds__Gid_), (4u << 16u) + 65524u /* Gid_ */,
  DDS_OP_RTS
};

const dds_topic_descriptor_t rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo__desc =
{
  .m_size = sizeof (rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_),
  .m_align = dds_alignof (rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_),
  .m_flagset = 0u,
  .m_nkeys = 0u,
  .m_typename = "rmw_dds_common_humble::msg::dds_::ParticipantEntitiesInfo_",
  .m_keys = NULL,
  .m_nops = 10,
  .m_ops = rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo__ops,
  .m_meta = ""
};

