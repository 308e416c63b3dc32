"""Starts hfloc-ros2 beside a running hflocd, as `ros2 launch hfloc.launch.py camera:=cam0 domain:=0` says.

hfloc-ros2 is a program of its own and no package of ROS: it is started as one, and ends with the launch.
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, ExecuteProcess
from launch.substitutions import EnvironmentVariable, LaunchConfiguration


def generate_launch_description() -> LaunchDescription:
    """One camera; start it again with another name, node and camera for another."""
    return LaunchDescription([
        DeclareLaunchArgument("camera", default_value="cam0", description="hflocd's name: hflocd@cam0"),
        DeclareLaunchArgument("domain", default_value=EnvironmentVariable("ROS_DOMAIN_ID", default_value="0")),
        DeclareLaunchArgument("release", default_value="jazzy", description="humble, or jazzy for Iron and later"),
        DeclareLaunchArgument("tf", default_value="auto", description="none, where another node gives map to odom"),
        ExecuteProcess(
            cmd=[
                "hfloc-ros2",
                "--camera", LaunchConfiguration("camera"),
                "--domain", LaunchConfiguration("domain"),
                "--release", LaunchConfiguration("release"),
                "--tf", LaunchConfiguration("tf"),
                "--remap", "odom:=/wheel/odometry",
            ],
            output="screen",
            respawn=True,
            respawn_delay=1.0,
        ),
    ])  # fmt: skip
