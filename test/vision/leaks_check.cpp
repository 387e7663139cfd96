// What ONNX Runtime keeps until the process ends is its own and not a leak of ours (address sanitizer only).
#ifdef __SANITIZE_ADDRESS__
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libonnxruntime"; }
#endif
