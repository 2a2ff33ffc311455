# SPDX-License-Identifier: BSL-1.0
# Conan's conform-config.cmake includes this after it made conform::conform, which links the system's BLIS.
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")  # FindBLIS.cmake
find_package(BLIS MODULE REQUIRED)
list(REMOVE_ITEM CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
set_property(TARGET conform::conform APPEND PROPERTY INTERFACE_LINK_LIBRARIES BLIS::BLIS)
