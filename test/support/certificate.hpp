// A key and a certificate signed by itself, made while the test runs.
#pragma once
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>

namespace lifang {

struct Certificate {
  std::string certificate, key;  ///< PEM

  /// `names`: "DNS:localhost,IP:127.0.0.1". P-256, valid for a day around now.
  static Certificate make(const char* common_name, const char* names) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* x509 = X509_new();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -86'400);
    X509_gmtime_adj(X509_getm_notAfter(x509), 86'400);
    X509_set_pubkey(x509, key);
    X509_NAME* name = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
    X509_set_issuer_name(x509, name);
    X509_EXTENSION* alternatives =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
    X509_add_ext(x509, alternatives, -1);
    X509_EXTENSION_free(alternatives);
    X509_sign(x509, key, EVP_sha256());
    Certificate made;
    made.certificate = text([&](BIO* bio) { PEM_write_bio_X509(bio, x509); });
    made.key = text([&](BIO* bio) {
      PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
    X509_free(x509);
    EVP_PKEY_free(key);
    return made;
  }

 private:
  template <class Write>
  static std::string text(Write write) {
    BIO* bio = BIO_new(BIO_s_mem());
    write(bio);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string result(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return result;
  }
};

inline Certificate local_certificate() { return Certificate::make("localhost", "DNS:localhost,IP:127.0.0.1"); }

}  // namespace lifang
