/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/abi/header_test.h"
