/* Written by tools/generate/generate-ros-messages from ros_messages.idl. */
#if !__has_include(<dds/dds.h>)
#error "Cyclone DDS is missing: apt-get install cyclonedds-dev. Without it: swift build --product hfloc-mavlink"
#endif
#ifndef DDSC_ROS_MESSAGES_H
#define DDSC_ROS_MESSAGES_H

#include "dds/ddsc/dds_public_impl.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct builtin_interfaces_msg_dds__Time_
{
  int32_t sec;
  uint32_t nanosec;
} builtin_interfaces_msg_dds__Time_;

extern const dds_topic_descriptor_t builtin_interfaces_msg_dds__Time__desc;

#define builtin_interfaces_msg_dds__Time___alloc() \
((builtin_interfaces_msg_dds__Time_*) dds_alloc (sizeof (builtin_interfaces_msg_dds__Time_)));

#define builtin_interfaces_msg_dds__Time__free(d,o) \
dds_sample_free ((d), &builtin_interfaces_msg_dds__Time__desc, (o))

typedef struct std_msgs_msg_dds__Header_
{
  struct builtin_interfaces_msg_dds__Time_ stamp;
  char * frame_id;
} std_msgs_msg_dds__Header_;

extern const dds_topic_descriptor_t std_msgs_msg_dds__Header__desc;

#define std_msgs_msg_dds__Header___alloc() \
((std_msgs_msg_dds__Header_*) dds_alloc (sizeof (std_msgs_msg_dds__Header_)));

#define std_msgs_msg_dds__Header__free(d,o) \
dds_sample_free ((d), &std_msgs_msg_dds__Header__desc, (o))

typedef struct geometry_msgs_msg_dds__Point_
{
  double x;
  double y;
  double z;
} geometry_msgs_msg_dds__Point_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__Point__desc;

#define geometry_msgs_msg_dds__Point___alloc() \
((geometry_msgs_msg_dds__Point_*) dds_alloc (sizeof (geometry_msgs_msg_dds__Point_)));

#define geometry_msgs_msg_dds__Point__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__Point__desc, (o))

typedef struct geometry_msgs_msg_dds__Vector3_
{
  double x;
  double y;
  double z;
} geometry_msgs_msg_dds__Vector3_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__Vector3__desc;

#define geometry_msgs_msg_dds__Vector3___alloc() \
((geometry_msgs_msg_dds__Vector3_*) dds_alloc (sizeof (geometry_msgs_msg_dds__Vector3_)));

#define geometry_msgs_msg_dds__Vector3__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__Vector3__desc, (o))

typedef struct geometry_msgs_msg_dds__Quaternion_
{
  double x;
  double y;
  double z;
  double w;
} geometry_msgs_msg_dds__Quaternion_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__Quaternion__desc;

#define geometry_msgs_msg_dds__Quaternion___alloc() \
((geometry_msgs_msg_dds__Quaternion_*) dds_alloc (sizeof (geometry_msgs_msg_dds__Quaternion_)));

#define geometry_msgs_msg_dds__Quaternion__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__Quaternion__desc, (o))

typedef struct geometry_msgs_msg_dds__Pose_
{
  struct geometry_msgs_msg_dds__Point_ position;
  struct geometry_msgs_msg_dds__Quaternion_ orientation;
} geometry_msgs_msg_dds__Pose_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__Pose__desc;

#define geometry_msgs_msg_dds__Pose___alloc() \
((geometry_msgs_msg_dds__Pose_*) dds_alloc (sizeof (geometry_msgs_msg_dds__Pose_)));

#define geometry_msgs_msg_dds__Pose__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__Pose__desc, (o))

typedef struct geometry_msgs_msg_dds__PoseWithCovariance_
{
  struct geometry_msgs_msg_dds__Pose_ pose;
  double covariance[36];
} geometry_msgs_msg_dds__PoseWithCovariance_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__PoseWithCovariance__desc;

#define geometry_msgs_msg_dds__PoseWithCovariance___alloc() \
((geometry_msgs_msg_dds__PoseWithCovariance_*) dds_alloc (sizeof (geometry_msgs_msg_dds__PoseWithCovariance_)));

#define geometry_msgs_msg_dds__PoseWithCovariance__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__PoseWithCovariance__desc, (o))

typedef struct geometry_msgs_msg_dds__PoseWithCovarianceStamped_
{
  struct std_msgs_msg_dds__Header_ header;
  struct geometry_msgs_msg_dds__PoseWithCovariance_ pose;
} geometry_msgs_msg_dds__PoseWithCovarianceStamped_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__PoseWithCovarianceStamped__desc;

#define geometry_msgs_msg_dds__PoseWithCovarianceStamped___alloc() \
((geometry_msgs_msg_dds__PoseWithCovarianceStamped_*) dds_alloc (sizeof (geometry_msgs_msg_dds__PoseWithCovarianceStamped_)));

#define geometry_msgs_msg_dds__PoseWithCovarianceStamped__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__PoseWithCovarianceStamped__desc, (o))

typedef struct geometry_msgs_msg_dds__Twist_
{
  struct geometry_msgs_msg_dds__Vector3_ linear;
  struct geometry_msgs_msg_dds__Vector3_ angular;
} geometry_msgs_msg_dds__Twist_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__Twist__desc;

#define geometry_msgs_msg_dds__Twist___alloc() \
((geometry_msgs_msg_dds__Twist_*) dds_alloc (sizeof (geometry_msgs_msg_dds__Twist_)));

#define geometry_msgs_msg_dds__Twist__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__Twist__desc, (o))

typedef struct geometry_msgs_msg_dds__TwistWithCovariance_
{
  struct geometry_msgs_msg_dds__Twist_ twist;
  double covariance[36];
} geometry_msgs_msg_dds__TwistWithCovariance_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__TwistWithCovariance__desc;

#define geometry_msgs_msg_dds__TwistWithCovariance___alloc() \
((geometry_msgs_msg_dds__TwistWithCovariance_*) dds_alloc (sizeof (geometry_msgs_msg_dds__TwistWithCovariance_)));

#define geometry_msgs_msg_dds__TwistWithCovariance__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__TwistWithCovariance__desc, (o))

typedef struct geometry_msgs_msg_dds__Transform_
{
  struct geometry_msgs_msg_dds__Vector3_ translation;
  struct geometry_msgs_msg_dds__Quaternion_ rotation;
} geometry_msgs_msg_dds__Transform_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__Transform__desc;

#define geometry_msgs_msg_dds__Transform___alloc() \
((geometry_msgs_msg_dds__Transform_*) dds_alloc (sizeof (geometry_msgs_msg_dds__Transform_)));

#define geometry_msgs_msg_dds__Transform__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__Transform__desc, (o))

typedef struct geometry_msgs_msg_dds__TransformStamped_
{
  struct std_msgs_msg_dds__Header_ header;
  char * child_frame_id;
  struct geometry_msgs_msg_dds__Transform_ transform;
} geometry_msgs_msg_dds__TransformStamped_;

extern const dds_topic_descriptor_t geometry_msgs_msg_dds__TransformStamped__desc;

#define geometry_msgs_msg_dds__TransformStamped___alloc() \
((geometry_msgs_msg_dds__TransformStamped_*) dds_alloc (sizeof (geometry_msgs_msg_dds__TransformStamped_)));

#define geometry_msgs_msg_dds__TransformStamped__free(d,o) \
dds_sample_free ((d), &geometry_msgs_msg_dds__TransformStamped__desc, (o))

typedef struct nav_msgs_msg_dds__Odometry_
{
  struct std_msgs_msg_dds__Header_ header;
  char * child_frame_id;
  struct geometry_msgs_msg_dds__PoseWithCovariance_ pose;
  struct geometry_msgs_msg_dds__TwistWithCovariance_ twist;
} nav_msgs_msg_dds__Odometry_;

extern const dds_topic_descriptor_t nav_msgs_msg_dds__Odometry__desc;

#define nav_msgs_msg_dds__Odometry___alloc() \
((nav_msgs_msg_dds__Odometry_*) dds_alloc (sizeof (nav_msgs_msg_dds__Odometry_)));

#define nav_msgs_msg_dds__Odometry__free(d,o) \
dds_sample_free ((d), &nav_msgs_msg_dds__Odometry__desc, (o))

typedef struct sensor_msgs_msg_dds__RegionOfInterest_
{
  uint32_t x_offset;
  uint32_t y_offset;
  uint32_t height;
  uint32_t width;
  bool do_rectify;
} sensor_msgs_msg_dds__RegionOfInterest_;

extern const dds_topic_descriptor_t sensor_msgs_msg_dds__RegionOfInterest__desc;

#define sensor_msgs_msg_dds__RegionOfInterest___alloc() \
((sensor_msgs_msg_dds__RegionOfInterest_*) dds_alloc (sizeof (sensor_msgs_msg_dds__RegionOfInterest_)));

#define sensor_msgs_msg_dds__RegionOfInterest__free(d,o) \
dds_sample_free ((d), &sensor_msgs_msg_dds__RegionOfInterest__desc, (o))

#ifndef DDS_SEQUENCE_DOUBLE_DEFINED
#define DDS_SEQUENCE_DOUBLE_DEFINED
typedef struct dds_sequence_double
{
  uint32_t _maximum;
  uint32_t _length;
  double *_buffer;
  bool _release;
} dds_sequence_double;

#define dds_sequence_double__alloc() \
((dds_sequence_double*) dds_alloc (sizeof (dds_sequence_double)));

#define dds_sequence_double_allocbuf(l) \
((double *) dds_alloc ((l) * sizeof (double)))
#endif /* DDS_SEQUENCE_DOUBLE_DEFINED */

typedef struct sensor_msgs_msg_dds__CameraInfo_
{
  struct std_msgs_msg_dds__Header_ header;
  uint32_t height;
  uint32_t width;
  char * distortion_model;
  dds_sequence_double d;
  double k[9];
  double r[9];
  double p[12];
  uint32_t binning_x;
  uint32_t binning_y;
  struct sensor_msgs_msg_dds__RegionOfInterest_ roi;
} sensor_msgs_msg_dds__CameraInfo_;

extern const dds_topic_descriptor_t sensor_msgs_msg_dds__CameraInfo__desc;

#define sensor_msgs_msg_dds__CameraInfo___alloc() \
((sensor_msgs_msg_dds__CameraInfo_*) dds_alloc (sizeof (sensor_msgs_msg_dds__CameraInfo_)));

#define sensor_msgs_msg_dds__CameraInfo__free(d,o) \
dds_sample_free ((d), &sensor_msgs_msg_dds__CameraInfo__desc, (o))

#ifndef DDS_SEQUENCE_GEOMETRY_MSGS_MSG_DDS__TRANSFORMSTAMPED__DEFINED
#define DDS_SEQUENCE_GEOMETRY_MSGS_MSG_DDS__TRANSFORMSTAMPED__DEFINED
typedef struct dds_sequence_geometry_msgs_msg_dds__TransformStamped_
{
  uint32_t _maximum;
  uint32_t _length;
  struct geometry_msgs_msg_dds__TransformStamped_ *_buffer;
  bool _release;
} dds_sequence_geometry_msgs_msg_dds__TransformStamped_;

#define dds_sequence_geometry_msgs_msg_dds__TransformStamped___alloc() \
((dds_sequence_geometry_msgs_msg_dds__TransformStamped_*) dds_alloc (sizeof (dds_sequence_geometry_msgs_msg_dds__TransformStamped_)));

#define dds_sequence_geometry_msgs_msg_dds__TransformStamped__allocbuf(l) \
((struct geometry_msgs_msg_dds__TransformStamped_ *) dds_alloc ((l) * sizeof (struct geometry_msgs_msg_dds__TransformStamped_)))
#endif /* DDS_SEQUENCE_GEOMETRY_MSGS_MSG_DDS__TRANSFORMSTAMPED__DEFINED */

typedef struct tf2_msgs_msg_dds__TFMessage_
{
  dds_sequence_geometry_msgs_msg_dds__TransformStamped_ transforms;
} tf2_msgs_msg_dds__TFMessage_;

extern const dds_topic_descriptor_t tf2_msgs_msg_dds__TFMessage__desc;

#define tf2_msgs_msg_dds__TFMessage___alloc() \
((tf2_msgs_msg_dds__TFMessage_*) dds_alloc (sizeof (tf2_msgs_msg_dds__TFMessage_)));

#define tf2_msgs_msg_dds__TFMessage__free(d,o) \
dds_sample_free ((d), &tf2_msgs_msg_dds__TFMessage__desc, (o))

typedef struct diagnostic_msgs_msg_dds__KeyValue_
{
  char * key;
  char * value;
} diagnostic_msgs_msg_dds__KeyValue_;

extern const dds_topic_descriptor_t diagnostic_msgs_msg_dds__KeyValue__desc;

#define diagnostic_msgs_msg_dds__KeyValue___alloc() \
((diagnostic_msgs_msg_dds__KeyValue_*) dds_alloc (sizeof (diagnostic_msgs_msg_dds__KeyValue_)));

#define diagnostic_msgs_msg_dds__KeyValue__free(d,o) \
dds_sample_free ((d), &diagnostic_msgs_msg_dds__KeyValue__desc, (o))

#ifndef DDS_SEQUENCE_DIAGNOSTIC_MSGS_MSG_DDS__KEYVALUE__DEFINED
#define DDS_SEQUENCE_DIAGNOSTIC_MSGS_MSG_DDS__KEYVALUE__DEFINED
typedef struct dds_sequence_diagnostic_msgs_msg_dds__KeyValue_
{
  uint32_t _maximum;
  uint32_t _length;
  struct diagnostic_msgs_msg_dds__KeyValue_ *_buffer;
  bool _release;
} dds_sequence_diagnostic_msgs_msg_dds__KeyValue_;

#define dds_sequence_diagnostic_msgs_msg_dds__KeyValue___alloc() \
((dds_sequence_diagnostic_msgs_msg_dds__KeyValue_*) dds_alloc (sizeof (dds_sequence_diagnostic_msgs_msg_dds__KeyValue_)));

#define dds_sequence_diagnostic_msgs_msg_dds__KeyValue__allocbuf(l) \
((struct diagnostic_msgs_msg_dds__KeyValue_ *) dds_alloc ((l) * sizeof (struct diagnostic_msgs_msg_dds__KeyValue_)))
#endif /* DDS_SEQUENCE_DIAGNOSTIC_MSGS_MSG_DDS__KEYVALUE__DEFINED */

typedef struct diagnostic_msgs_msg_dds__DiagnosticStatus_
{
  uint8_t level;
  char * name;
  char * message;
  char * hardware_id;
  dds_sequence_diagnostic_msgs_msg_dds__KeyValue_ values;
} diagnostic_msgs_msg_dds__DiagnosticStatus_;

extern const dds_topic_descriptor_t diagnostic_msgs_msg_dds__DiagnosticStatus__desc;

#define diagnostic_msgs_msg_dds__DiagnosticStatus___alloc() \
((diagnostic_msgs_msg_dds__DiagnosticStatus_*) dds_alloc (sizeof (diagnostic_msgs_msg_dds__DiagnosticStatus_)));

#define diagnostic_msgs_msg_dds__DiagnosticStatus__free(d,o) \
dds_sample_free ((d), &diagnostic_msgs_msg_dds__DiagnosticStatus__desc, (o))

#ifndef DDS_SEQUENCE_DIAGNOSTIC_MSGS_MSG_DDS__DIAGNOSTICSTATUS__DEFINED
#define DDS_SEQUENCE_DIAGNOSTIC_MSGS_MSG_DDS__DIAGNOSTICSTATUS__DEFINED
typedef struct dds_sequence_diagnostic_msgs_msg_dds__DiagnosticStatus_
{
  uint32_t _maximum;
  uint32_t _length;
  struct diagnostic_msgs_msg_dds__DiagnosticStatus_ *_buffer;
  bool _release;
} dds_sequence_diagnostic_msgs_msg_dds__DiagnosticStatus_;

#define dds_sequence_diagnostic_msgs_msg_dds__DiagnosticStatus___alloc() \
((dds_sequence_diagnostic_msgs_msg_dds__DiagnosticStatus_*) dds_alloc (sizeof (dds_sequence_diagnostic_msgs_msg_dds__DiagnosticStatus_)));

#define dds_sequence_diagnostic_msgs_msg_dds__DiagnosticStatus__allocbuf(l) \
((struct diagnostic_msgs_msg_dds__DiagnosticStatus_ *) dds_alloc ((l) * sizeof (struct diagnostic_msgs_msg_dds__DiagnosticStatus_)))
#endif /* DDS_SEQUENCE_DIAGNOSTIC_MSGS_MSG_DDS__DIAGNOSTICSTATUS__DEFINED */

typedef struct diagnostic_msgs_msg_dds__DiagnosticArray_
{
  struct std_msgs_msg_dds__Header_ header;
  dds_sequence_diagnostic_msgs_msg_dds__DiagnosticStatus_ status;
} diagnostic_msgs_msg_dds__DiagnosticArray_;

extern const dds_topic_descriptor_t diagnostic_msgs_msg_dds__DiagnosticArray__desc;

#define diagnostic_msgs_msg_dds__DiagnosticArray___alloc() \
((diagnostic_msgs_msg_dds__DiagnosticArray_*) dds_alloc (sizeof (diagnostic_msgs_msg_dds__DiagnosticArray_)));

#define diagnostic_msgs_msg_dds__DiagnosticArray__free(d,o) \
dds_sample_free ((d), &diagnostic_msgs_msg_dds__DiagnosticArray__desc, (o))

typedef struct rmw_dds_common_msg_dds__Gid_
{
  uint8_t data[16];
} rmw_dds_common_msg_dds__Gid_;

extern const dds_topic_descriptor_t rmw_dds_common_msg_dds__Gid__desc;

#define rmw_dds_common_msg_dds__Gid___alloc() \
((rmw_dds_common_msg_dds__Gid_*) dds_alloc (sizeof (rmw_dds_common_msg_dds__Gid_)));

#define rmw_dds_common_msg_dds__Gid__free(d,o) \
dds_sample_free ((d), &rmw_dds_common_msg_dds__Gid__desc, (o))

#ifndef DDS_SEQUENCE_RMW_DDS_COMMON_MSG_DDS__GID__DEFINED
#define DDS_SEQUENCE_RMW_DDS_COMMON_MSG_DDS__GID__DEFINED
typedef struct dds_sequence_rmw_dds_common_msg_dds__Gid_
{
  uint32_t _maximum;
  uint32_t _length;
  struct rmw_dds_common_msg_dds__Gid_ *_buffer;
  bool _release;
} dds_sequence_rmw_dds_common_msg_dds__Gid_;

#define dds_sequence_rmw_dds_common_msg_dds__Gid___alloc() \
((dds_sequence_rmw_dds_common_msg_dds__Gid_*) dds_alloc (sizeof (dds_sequence_rmw_dds_common_msg_dds__Gid_)));

#define dds_sequence_rmw_dds_common_msg_dds__Gid__allocbuf(l) \
((struct rmw_dds_common_msg_dds__Gid_ *) dds_alloc ((l) * sizeof (struct rmw_dds_common_msg_dds__Gid_)))
#endif /* DDS_SEQUENCE_RMW_DDS_COMMON_MSG_DDS__GID__DEFINED */

#ifndef DDS_SEQUENCE_RMW_DDS_COMMON_MSG_DDS__GID__DEFINED
#define DDS_SEQUENCE_RMW_DDS_COMMON_MSG_DDS__GID__DEFINED
typedef struct dds_sequence_rmw_dds_common_msg_dds__Gid_
{
  uint32_t _maximum;
  uint32_t _length;
  struct rmw_dds_common_msg_dds__Gid_ *_buffer;
  bool _release;
} dds_sequence_rmw_dds_common_msg_dds__Gid_;

#define dds_sequence_rmw_dds_common_msg_dds__Gid___alloc() \
((dds_sequence_rmw_dds_common_msg_dds__Gid_*) dds_alloc (sizeof (dds_sequence_rmw_dds_common_msg_dds__Gid_)));

#define dds_sequence_rmw_dds_common_msg_dds__Gid__allocbuf(l) \
((struct rmw_dds_common_msg_dds__Gid_ *) dds_alloc ((l) * sizeof (struct rmw_dds_common_msg_dds__Gid_)))
#endif /* DDS_SEQUENCE_RMW_DDS_COMMON_MSG_DDS__GID__DEFINED */

typedef struct rmw_dds_common_msg_dds__NodeEntitiesInfo_
{
  char * node_namespace;
  char * node_name;
  dds_sequence_rmw_dds_common_msg_dds__Gid_ reader_gid_seq;
  dds_sequence_rmw_dds_common_msg_dds__Gid_ writer_gid_seq;
} rmw_dds_common_msg_dds__NodeEntitiesInfo_;

extern const dds_topic_descriptor_t rmw_dds_common_msg_dds__NodeEntitiesInfo__desc;

#define rmw_dds_common_msg_dds__NodeEntitiesInfo___alloc() \
((rmw_dds_common_msg_dds__NodeEntitiesInfo_*) dds_alloc (sizeof (rmw_dds_common_msg_dds__NodeEntitiesInfo_)));

#define rmw_dds_common_msg_dds__NodeEntitiesInfo__free(d,o) \
dds_sample_free ((d), &rmw_dds_common_msg_dds__NodeEntitiesInfo__desc, (o))

#ifndef DDS_SEQUENCE_RMW_DDS_COMMON_MSG_DDS__NODEENTITIESINFO__DEFINED
#define DDS_SEQUENCE_RMW_DDS_COMMON_MSG_DDS__NODEENTITIESINFO__DEFINED
typedef struct dds_sequence_rmw_dds_common_msg_dds__NodeEntitiesInfo_
{
  uint32_t _maximum;
  uint32_t _length;
  struct rmw_dds_common_msg_dds__NodeEntitiesInfo_ *_buffer;
  bool _release;
} dds_sequence_rmw_dds_common_msg_dds__NodeEntitiesInfo_;

#define dds_sequence_rmw_dds_common_msg_dds__NodeEntitiesInfo___alloc() \
((dds_sequence_rmw_dds_common_msg_dds__NodeEntitiesInfo_*) dds_alloc (sizeof (dds_sequence_rmw_dds_common_msg_dds__NodeEntitiesInfo_)));

#define dds_sequence_rmw_dds_common_msg_dds__NodeEntitiesInfo__allocbuf(l) \
((struct rmw_dds_common_msg_dds__NodeEntitiesInfo_ *) dds_alloc ((l) * sizeof (struct rmw_dds_common_msg_dds__NodeEntitiesInfo_)))
#endif /* DDS_SEQUENCE_RMW_DDS_COMMON_MSG_DDS__NODEENTITIESINFO__DEFINED */

typedef struct rmw_dds_common_msg_dds__ParticipantEntitiesInfo_
{
  struct rmw_dds_common_msg_dds__Gid_ gid;
  dds_sequence_rmw_dds_common_msg_dds__NodeEntitiesInfo_ node_entities_info_seq;
} rmw_dds_common_msg_dds__ParticipantEntitiesInfo_;

extern const dds_topic_descriptor_t rmw_dds_common_msg_dds__ParticipantEntitiesInfo__desc;

#define rmw_dds_common_msg_dds__ParticipantEntitiesInfo___alloc() \
((rmw_dds_common_msg_dds__ParticipantEntitiesInfo_*) dds_alloc (sizeof (rmw_dds_common_msg_dds__ParticipantEntitiesInfo_)));

#define rmw_dds_common_msg_dds__ParticipantEntitiesInfo__free(d,o) \
dds_sample_free ((d), &rmw_dds_common_msg_dds__ParticipantEntitiesInfo__desc, (o))

typedef struct rmw_dds_common_humble_msg_dds__Gid_
{
  uint8_t data[24];
} rmw_dds_common_humble_msg_dds__Gid_;

extern const dds_topic_descriptor_t rmw_dds_common_humble_msg_dds__Gid__desc;

#define rmw_dds_common_humble_msg_dds__Gid___alloc() \
((rmw_dds_common_humble_msg_dds__Gid_*) dds_alloc (sizeof (rmw_dds_common_humble_msg_dds__Gid_)));

#define rmw_dds_common_humble_msg_dds__Gid__free(d,o) \
dds_sample_free ((d), &rmw_dds_common_humble_msg_dds__Gid__desc, (o))

#ifndef DDS_SEQUENCE_RMW_DDS_COMMON_HUMBLE_MSG_DDS__GID__DEFINED
#define DDS_SEQUENCE_RMW_DDS_COMMON_HUMBLE_MSG_DDS__GID__DEFINED
typedef struct dds_sequence_rmw_dds_common_humble_msg_dds__Gid_
{
  uint32_t _maximum;
  uint32_t _length;
  struct rmw_dds_common_humble_msg_dds__Gid_ *_buffer;
  bool _release;
} dds_sequence_rmw_dds_common_humble_msg_dds__Gid_;

#define dds_sequence_rmw_dds_common_humble_msg_dds__Gid___alloc() \
((dds_sequence_rmw_dds_common_humble_msg_dds__Gid_*) dds_alloc (sizeof (dds_sequence_rmw_dds_common_humble_msg_dds__Gid_)));

#define dds_sequence_rmw_dds_common_humble_msg_dds__Gid__allocbuf(l) \
((struct rmw_dds_common_humble_msg_dds__Gid_ *) dds_alloc ((l) * sizeof (struct rmw_dds_common_humble_msg_dds__Gid_)))
#endif /* DDS_SEQUENCE_RMW_DDS_COMMON_HUMBLE_MSG_DDS__GID__DEFINED */

#ifndef DDS_SEQUENCE_RMW_DDS_COMMON_HUMBLE_MSG_DDS__GID__DEFINED
#define DDS_SEQUENCE_RMW_DDS_COMMON_HUMBLE_MSG_DDS__GID__DEFINED
typedef struct dds_sequence_rmw_dds_common_humble_msg_dds__Gid_
{
  uint32_t _maximum;
  uint32_t _length;
  struct rmw_dds_common_humble_msg_dds__Gid_ *_buffer;
  bool _release;
} dds_sequence_rmw_dds_common_humble_msg_dds__Gid_;

#define dds_sequence_rmw_dds_common_humble_msg_dds__Gid___alloc() \
((dds_sequence_rmw_dds_common_humble_msg_dds__Gid_*) dds_alloc (sizeof (dds_sequence_rmw_dds_common_humble_msg_dds__Gid_)));

#define dds_sequence_rmw_dds_common_humble_msg_dds__Gid__allocbuf(l) \
((struct rmw_dds_common_humble_msg_dds__Gid_ *) dds_alloc ((l) * sizeof (struct rmw_dds_common_humble_msg_dds__Gid_)))
#endif /* DDS_SEQUENCE_RMW_DDS_COMMON_HUMBLE_MSG_DDS__GID__DEFINED */

typedef struct rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_
{
  char * node_namespace;
  char * node_name;
  dds_sequence_rmw_dds_common_humble_msg_dds__Gid_ reader_gid_seq;
  dds_sequence_rmw_dds_common_humble_msg_dds__Gid_ writer_gid_seq;
} rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_;

extern const dds_topic_descriptor_t rmw_dds_common_humble_msg_dds__NodeEntitiesInfo__desc;

#define rmw_dds_common_humble_msg_dds__NodeEntitiesInfo___alloc() \
((rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_*) dds_alloc (sizeof (rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_)));

#define rmw_dds_common_humble_msg_dds__NodeEntitiesInfo__free(d,o) \
dds_sample_free ((d), &rmw_dds_common_humble_msg_dds__NodeEntitiesInfo__desc, (o))

#ifndef DDS_SEQUENCE_RMW_DDS_COMMON_HUMBLE_MSG_DDS__NODEENTITIESINFO__DEFINED
#define DDS_SEQUENCE_RMW_DDS_COMMON_HUMBLE_MSG_DDS__NODEENTITIESINFO__DEFINED
typedef struct dds_sequence_rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_
{
  uint32_t _maximum;
  uint32_t _length;
  struct rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_ *_buffer;
  bool _release;
} dds_sequence_rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_;

#define dds_sequence_rmw_dds_common_humble_msg_dds__NodeEntitiesInfo___alloc() \
((dds_sequence_rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_*) dds_alloc (sizeof (dds_sequence_rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_)));

#define dds_sequence_rmw_dds_common_humble_msg_dds__NodeEntitiesInfo__allocbuf(l) \
((struct rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_ *) dds_alloc ((l) * sizeof (struct rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_)))
#endif /* DDS_SEQUENCE_RMW_DDS_COMMON_HUMBLE_MSG_DDS__NODEENTITIESINFO__DEFINED */

typedef struct rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_
{
  struct rmw_dds_common_humble_msg_dds__Gid_ gid;
  dds_sequence_rmw_dds_common_humble_msg_dds__NodeEntitiesInfo_ node_entities_info_seq;
} rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_;

extern const dds_topic_descriptor_t rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo__desc;

#define rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo___alloc() \
((rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_*) dds_alloc (sizeof (rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo_)));

#define rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo__free(d,o) \
dds_sample_free ((d), &rmw_dds_common_humble_msg_dds__ParticipantEntitiesInfo__desc, (o))

#ifdef __cplusplus
}
#endif

#endif /* DDSC_ROS_MESSAGES_H */
