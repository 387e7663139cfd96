// The compiled half of Boost.Asio and Boost.Beast (BOOST_…_SEPARATE_COMPILATION): once, here.
#pragma GCC diagnostic ignored "-Wconversion"
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
