# Once before all files of a run: packages and bundles are there, so no test measures an installation.
setup_suite() {
  "${BATS_TEST_DIRNAME:-$(dirname "${BASH_SOURCE[0]}")}/../../bin/emberloom-setup"
}
