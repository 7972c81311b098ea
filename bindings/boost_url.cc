// SPDX-License-Identifier: GPL-3.0-or-later
//
// Boost.URL compiled into this library: the module saef.so links nothing that isn't in every
// system.
#include <boost/url/src.hpp>
