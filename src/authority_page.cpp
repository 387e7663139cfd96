#include "authority_page.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/text.hpp"
#include "platform/sheet/xml.hpp"

namespace lifang {
namespace {

constexpr std::string_view kHead = R"(<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{0}</title><style>
body{{font:18px/1.7 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;color:#1b1f23;background:#fbfaf7;margin:0 auto;max-width:40rem;padding:1rem}}
h1{{font-size:1.5rem;margin:1rem 0 .5rem}}h2{{font-size:1.15rem;margin:1.5rem 0 .25rem}}ol,ul{{padding-left:1.4rem}}
.print{{font:600 1.15rem/1.8 ui-monospace,"DejaVu Sans Mono",monospace;border:2px solid #1b1f23;padding:.75rem;overflow-wrap:anywhere}}
.get{{display:block;min-height:44px;line-height:44px;text-align:center;background:#1f4e79;color:#fff;text-decoration:none;border-radius:8px;margin:.5rem 0}}
.print span{{display:inline-block;margin-right:1rem}}section{{margin-bottom:2.5rem}}@media print{{body{{background:#fff}}}}
</style></head><body>)";

constexpr std::string_view kChinese = R"(<p><a href="#en">English</a></p>
<section id="zh" lang="zh-CN"><h1>让手机信任{0}的里坊</h1>
<p>本小区的里坊没有互联网域名，它的证书由小区自己的根证书签发。安装一次根证书，手机就能用加密方式打开 <a href="{2}">{2}</a>，没有信号的地方也能用页面。</p>
<h2>一、先核对指纹</h2>
<p>向物业或社区要一张印好的纸，逐字比对。<b>有一处不同就不要安装</b>，请告诉物业。</p>
<p class="print">{1}</p>
<p>安装后，手机的证书详情里也会显示这串“SHA-256 指纹”，应当与纸上完全一样。</p>
<h2>二、安卓手机</h2>
<a class="get" href="/authority/root.crt">下载根证书（安卓、鸿蒙、电脑）</a>
<ol><li>下载后打开“设置”，搜索“CA 证书”（多在“安全”→“更多安全设置”→“加密与凭据”→“安装证书”）。</li>
<li>选“CA 证书”，看过提示后选“仍然安装”，再选刚下载的 lifang-root.crt。</li></ol>
<h2>三、鸿蒙手机（HarmonyOS）</h2>
<ol><li>用上面同一个文件。</li><li>“设置”→“隐私和安全”（旧版：“安全”→“更多安全设置”→“加密和凭据”）→“从存储设备安装”，选 lifang-root.crt。</li></ol>
<h2>四、苹果手机（iOS）</h2>
<a class="get" href="/authority/root.mobileconfig">下载描述文件（iPhone、iPad，请用 Safari 打开本页）</a>
<ol><li>“设置”最上方“已下载描述文件”→“安装”。</li>
<li>再到“设置”→“通用”→“关于本机”→“证书信任设置”，打开这张证书的开关。少了这一步不会生效。</li></ol>
<h2>它能做什么，不能做什么</h2>
<p>这张根证书被限制为只能证明本小区的内网地址和名字，不能冒充银行或任何别的网站。有效期到 {3}。搬走时可在同一处设置里删除。</p></section>)";

constexpr std::string_view kEnglish = R"(<section id="en" lang="en"><h1>Let your phone trust the Lifang of {0}</h1>
<p>This compound has no name on the internet, so its certificate comes from an authority of its own. Install its root once and
your phone opens <a href="{2}">{2}</a> encrypted, also where there is no signal.</p>
<h2>1. Compare the fingerprint first</h2>
<p>Ask the property office for the printed paper and compare every sign. <b>If one differs, do not install</b>; tell the office.</p>
<p class="print">{1}</p>
<p>Once installed, the phone shows the same “SHA-256 fingerprint” in the details of the certificate.</p>
<h2>2. Android</h2>
<a class="get" href="/authority/root.crt">Download the root (Android, HarmonyOS, computers)</a>
<ol><li>Open Settings and search for “CA certificate” (Security → More security settings → Encryption and credentials → Install a certificate).</li>
<li>Choose “CA certificate”, “Install anyway”, and the file lifang-root.crt.</li></ol>
<h2>3. HarmonyOS</h2>
<ol><li>The same file.</li><li>Settings → Privacy and security (older: Security → More settings → Encryption and credentials) → Install from storage.</li></ol>
<h2>4. iPhone and iPad</h2>
<a class="get" href="/authority/root.mobileconfig">Download the profile (open this page in Safari)</a>
<ol><li>Settings → Profile downloaded → Install.</li>
<li>Then Settings → General → About → Certificate Trust Settings: switch it on. Without this nothing changes.</li></ol>
<h2>What it can do and what it cannot</h2>
<p>This root may vouch only for addresses and names inside this compound, never for a bank or any other site. It ends on {3}. Remove
it in the same settings when you move away.</p></section></body></html>
)";

constexpr std::string_view kPaper = R"(<h1>{0} · 里坊 Lifang</h1>
<p>手机打开 On your phone open</p><p class="print">{2}</p>
<p>安装根证书前，请逐字比对指纹；有一处不同就不要安装，并告诉物业。<br>
Before you install the root, compare its fingerprint; if one sign differs, do not install, and tell the office.</p>
<p>SHA-256</p><p class="print">{1}</p><p>有效期至 Ends {3}</p></body></html>
)";

/// In groups of four pairs that no line breaks apart: the eye keeps its place.
std::string grouped(std::string_view fingerprint) {
  std::string text = "<span>";
  for (std::size_t i = 0; i < fingerprint.size(); ++i) {
    if (fingerprint[i] != ':') text += fingerprint[i];
    else text += i % 12 == 11 ? "</span> <span>" : " ";
  }
  return text + "</span>";
}

std::string filled(std::string_view words, std::string_view district, const authority::Facts& root, std::string_view address) {
  return fmt::format(fmt::runtime(words), sheet::escape_xml(district), grouped(root.fingerprint), sheet::escape_xml(address),
                     to_rfc3339(root.until).substr(0, 10));
}

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// A UUID that is the same for the same root: installing again replaces.
std::string uuid_of(std::string_view fingerprint, std::size_t skip) {
  std::string hex;
  for (const char c : fingerprint)
    if (c != ':') hex += c;
  hex = hex.substr(skip, 32);
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4), hex.substr(20, 12));
}

}  // namespace

std::string authority_page(std::string_view district, const authority::Facts& root, std::string_view address) {
  return filled(kHead, fmt::format("{} · 里坊 Lifang", district), root, address) + filled(kChinese, district, root, address) +
         filled(kEnglish, district, root, address);
}

std::string authority_paper(std::string_view district, const authority::Facts& root, std::string_view address) {
  return filled(kHead, fmt::format("{} · 里坊 Lifang", district), root, address) + filled(kPaper, district, root, address);
}

std::string authority_profile(std::string_view district, const authority::Facts& root, std::string_view der) {
  const std::string name = sheet::escape_xml(fmt::format("Lifang 里坊 {}", district));
  return fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
<key>PayloadCertificateFileName</key><string>lifang-root.crt</string>
<key>PayloadContent</key><data>{1}</data>
<key>PayloadDisplayName</key><string>{0}</string>
<key>PayloadIdentifier</key><string>lifang.authority.{2}.root</string>
<key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadUUID</key><string>{2}</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></array>
<key>PayloadDisplayName</key><string>{0}</string>
<key>PayloadIdentifier</key><string>lifang.authority.{2}</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>{3}</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></plist>
)",
                     name, base64(der), uuid_of(root.fingerprint, 0), uuid_of(root.fingerprint, 32));
}

}  // namespace lifang
