# SPDX-License-Identifier: BSL-1.0
# cpack -G DEB includes this before it packs: Debian looks for licence and changelog in a folder and in formats of its own.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(docs "${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}/share/doc")
file(RENAME "${docs}/conform" "${docs}/${CPACK_DEBIAN_PACKAGE_NAME}")
string(APPEND docs "/${CPACK_DEBIAN_PACKAGE_NAME}")

string(TIMESTAMP year "%Y" UTC)
file(READ "${docs}/LICENSE" license)
file(REMOVE "${docs}/LICENSE")
file(WRITE "${docs}/copyright" "Copyright ${year} The Conform authors\n\n${license}")

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE "${docs}/changelog"
     "${CPACK_DEBIAN_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n"
     "  * What changed: CHANGELOG.md, in this folder.\n\n"
     " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
execute_process(COMMAND gzip -9n "${docs}/changelog" COMMAND_ERROR_IS_FATAL ANY)
