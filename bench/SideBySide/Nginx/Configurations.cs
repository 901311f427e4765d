namespace Microcosm.SideBySide.Nginx;

/// <summary>One folder with the files and configurations of all servers of a run; one text serves ours and nginx.</summary>
internal sealed class Configurations : IDisposable
{
    public const int OriginPort = 19080;

    /// <summary>From the port of plain HTTP to that of HTTP/2 without TLS.</summary>
    public const int Http2Offset = 100;

    // What attacks ask for.
    private const string Attacked =
        """
        location /filed/ { proxy_pass http://origin/; proxy_max_temp_file_size 4m; }
                location /unfiled/ { proxy_pass http://origin/; proxy_max_temp_file_size 0; }
                location /endless/ { proxy_pass http://127.0.0.1:19081/body; proxy_max_temp_file_size 4m; }
                location /headless/ { proxy_pass http://127.0.0.1:19081/head; }
        """;

    private const string Common =
        """
        daemon off;
        USER
        worker_processes 1;
        pid DIR/NAME.pid;
        error_log DIR/NAME.log;
        events { worker_connections 20000; }
        http {
            access_log off;
            keepalive_requests 1000000000;
            keepalive_timeout 600s;
            open_file_cache max=100;
            sendfile on;
            types { text/plain txt; }
            default_type text/plain;
            client_body_temp_path DIR/NAME-body;
            proxy_temp_path DIR/NAME-proxy;
        """;

    public Configurations()
    {
        Directory.CreateDirectory(Folder + "/html");
        foreach (var (name, bytes) in new[] { ("1k.txt", 1024), ("64k.txt", 65536), ("1m.txt", 1 << 20) })
            File.WriteAllText($"{Folder}/html/{name}", new string('x', bytes));
        Tool.Run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj", "/CN=localhost",
            "-keyout", Folder + "/key.pem", "-out", Folder + "/cert.pem");
        Origin = Write("origin", $"server {{ listen 127.0.0.1:{OriginPort}; root DIR/html; }}");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("edge-").FullName;

    /// <summary>The configuration of the nginx behind all of them.</summary>
    public string Origin { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The configuration of ours or nginx: files, an answer, proxying, TLS on the next port.</summary>
    public string Nginx(string name, int port, bool isReal)
    {
        // nginx 1.22 has HTTP/2 as a word of listen.
        var (word, directive) = isReal ? ("http2", "") : ("", "http2 on;");
        // The last port is the one that is waited for.
        return Write(name,
        $$"""
            upstream origin { server 127.0.0.1:{{OriginPort}}; keepalive 256; keepalive_requests 1000000000; }
            server {
                listen 127.0.0.1:{{port + Http2Offset}} {{word}};
                {{directive}}
                root DIR/html;
                location /return { return 200 {{new string('x', 1024)}}; }
                {{Attacked}}
            }
            server {
                listen 127.0.0.1:{{port}};
                root DIR/html;
                location /return { return 200 {{new string('x', 1024)}}; }
                location /proxy/ { proxy_pass http://origin/; proxy_http_version 1.1; proxy_set_header Connection ""; }
                {{Attacked}}
            }
            server {
                listen 127.0.0.1:{{port + 1}} ssl {{word}};
                {{directive}}
                ssl_certificate DIR/cert.pem;
                ssl_certificate_key DIR/key.pem;
                location /return { return 200 {{new string('x', 1024)}}; }
            }
        """);
    }

    public string HaProxy(int port)
    {
        var path = Folder + "/haproxy.cfg";
        File.WriteAllText(path,
            $"""
            global
                nbthread 1
                maxconn 4000
            defaults
                mode http
                timeout connect 5s
                timeout client 600s
                timeout server 600s
                http-reuse always
            frontend f
                bind 127.0.0.1:{port}
                http-request replace-path /proxy(/.*) \1
                default_backend b
            backend b
                server origin 127.0.0.1:{OriginPort}

            """);
        return path;
    }

    private string Write(string name, string servers)
    {
        var path = $"{Folder}/{name}.conf";
        File.WriteAllText(path, $"{Common}\n{servers}\n}}\n".Replace("DIR", Folder).Replace("NAME", name)
            // As root, nginx' workers become somebody who may not read the folder.
            .Replace("USER", Environment.UserName == "root" ? "user root;" : ""));
        return path;
    }
}
