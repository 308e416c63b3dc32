import Glibc

func removeFile(_ path: String) {
    unsafe _ = unlink(path)
}
