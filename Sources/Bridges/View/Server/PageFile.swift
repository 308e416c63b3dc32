internal import FlyingFox

/// The page's files, which are part of the program.
enum PageFile {
    static let all: [String: (type: String, bytes: [UInt8])] = [
        "/view.html": ("text/html; charset=utf-8", PackageResources.view_html),
        "/view.css": ("text/css; charset=utf-8", PackageResources.view_css),
        "/main.js": (script, PackageResources.main_js),
        "/map.js": (script, PackageResources.map_js),
        "/tiles.js": (script, PackageResources.tiles_js),
        "/camera.js": (script, PackageResources.camera_js),
        "/chart.js": (script, PackageResources.chart_js),
        "/panel.js": (script, PackageResources.panel_js),
    ]

    private static let script = "text/javascript; charset=utf-8"

    static func response(_ path: String) -> HTTPResponse {
        guard let file = all[path] else { return .refusal(.notFound, "There is nothing here.") }
        return .bytes(file.bytes, type: file.type)
    }
}
