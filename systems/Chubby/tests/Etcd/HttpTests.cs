using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Plain HTTP on the clients' port: we answer what a real etcd answers.</summary>
public sealed partial class HttpTests : IDisposable
{
    private static readonly string[] Requests =
    [
        "GET /health", "POST /health", "HEAD /health", "OPTIONS /health", "GET /version", "GET /",
        "GET /nope", "GET /v2/keys", "POST /v3/nope {}",
        "GET /v3/kv/range", "PUT /v3/kv/range {}", "OPTIONS /v3/kv/range",
        "POST /v3/kv/put {\"key\":\"YQ==\",\"value\":\"Pz8+Pj8/\"}", "POST /v3/kv/range {\"key\":\"YQ==\"}",
        "POST /v3beta/kv/range {\"key\":\"YQ==\"}",
        "POST /v3/kv/put {\"key\":\"Yg==\",\"value\":\"\",\"prev_kv\":true,\"lease\":\"0\"}",
        "POST /v3/kv/put {\"key\":\"Yg==\",\"prevKv\":true}",
        "POST /v3/kv/range {\"key\":\"AA==\",\"range_end\":\"AA==\",\"sort_order\":\"DESCEND\",\"limit\":1,\"unknown\":1}",
        "POST /v3/kv/range {\"key\":\"YQ==\",\"revision\":\"99\"}", "POST /v3/kv/range {}", "POST /v3/kv/range",
        "POST /v3/kv/txn {\"compare\":[{\"target\":\"VERSION\",\"key\":\"YQ==\",\"version\":\"1\"}],"
            + "\"success\":[{\"requestPut\":{\"key\":\"YQ==\",\"value\":\"Mg==\"}}],\"failure\":[{\"request_range\":{\"key\":\"YQ==\"}}]}",
        "POST /v3/kv/deleterange {\"key\":\"Yg==\",\"prev_kv\":true}", "POST /v3/kv/compaction {\"revision\":\"2\"}",
        "POST /v3/lease/grant {\"ID\":\"77\",\"TTL\":\"600\"}", "POST /v3/lease/grant {\"ID\":77,\"TTL\":600}",
        "POST /v3/lease/leases {}",
        "POST /v3/kv/lease/leases {}",
        "POST /v3/lease/keepalive {\"ID\":\"77\"}", "POST /v3/lease/keepalive {\"ID\":\"77\"} {\"ID\":\"78\"}",
        "POST /v3/lease/revoke {\"ID\":\"77\"}", "POST /v3/kv/lease/revoke {\"ID\":\"77\"}", "POST /v3/lease/timetolive {\"ID\":\"77\"}",
        "POST /v3/cluster/member/promote {\"ID\":\"1\"}", "POST /v3/maintenance/alarm {}", "POST /v3/maintenance/defragment {}",
        "POST /v3/maintenance/hash {}", "POST /v3/maintenance/hashkv {}", "POST /v3/maintenance/transfer-leadership {\"targetID\":\"1\"}",
        "POST /v3/lock/unlock {}", "POST /v3/election/proclaim {}", "POST /v3/election/leader {\"name\":\"bm9uZQ==\"}",
        "POST /v3/auth/user/add {\"name\":\"root\",\"password\":\"pw\"}", "POST /v3/auth/user/add {\"name\":\"root\"}",
        "POST /v3/auth/role/add {\"name\":\"root\"}", "POST /v3/auth/user/grant {\"user\":\"root\",\"role\":\"root\"}",
        "POST /v3/auth/role/get {\"role\":\"none\"}", "POST /v3/auth/user/list {}", "POST /v3/auth/status {}",
        "POST /v3/auth/authenticate {\"name\":\"root\",\"password\":\"pw\"}", "BADTOKEN /v3/kv/range {\"key\":\"YQ==\"}",
        "POST /v3/auth/enable {}",
        "POST /v3/kv/range {\"key\":\"YQ==\"}", "TOKEN /v3/kv/range {\"key\":\"YQ==\"}",
        "POST /v3/auth/authenticate {\"name\":\"root\",\"password\":\"x\"}",
        "BADTOKEN /v3/kv/range {\"key\":\"YQ==\"}", "TOKEN /v3/auth/disable {}",
    ];

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Every_request_is_answered_as_a_real_etcd_answers_it()
    {
        await using var real = await RealEtcd.StartAsync();
        await using var world = await World.StartAsync(w => w.AddEtcd());
        var own = world.System("etcd").Endpoints[0];
        var differences = new List<string>();
        foreach (var request in Requests)
        {
            var (ours, theirs) = (await AnswerAsync(own, request), await AnswerAsync(real.Endpoint, request));
            if (ours != theirs)
                differences.Add($"{request}\n  ours: {ours}\n  etcd: {theirs}");
        }
        Assert.True(differences.Count == 0, $"{differences.Count} of {Requests.Length} differ:\n{string.Join('\n', differences)}");
    }

    [Fact]
    public async Task What_is_no_JSON_is_refused()
    {
        await using var world = await World.StartAsync(w => w.AddEtcd());
        var endpoint = world.System("etcd").Endpoints[0];
        foreach (var body in new[] { "{xx", "{\"key\":\"a\"", "[]", "{\"key\":\"not base64!\"}", "{\"limit\":\"x\"}" })
            Assert.Contains("\"code\":3}", await AnswerAsync(endpoint, "POST /v3/kv/range " + body), StringComparison.Ordinal);
        var huge = $"POST /v3/kv/put {{\"key\":\"YQ==\",\"value\":\"{Convert.ToBase64String(new byte[2_500_000])}\"}}";
        Assert.Contains(
            "grpc: received message larger than max (2500008 vs. 2097152)", await AnswerAsync(endpoint, huge), StringComparison.Ordinal);
        var endless = "POST /v3/kv/put {\"key\":\"" + new string('a', 5_000_000);
        Assert.Contains("larger than max", await AnswerAsync(endpoint, endless), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_tells_in_lines_what_changes()
    {
        await using var world = await World.StartAsync(w => w.AddEtcd());
        var endpoint = world.System("etcd").Endpoints[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{endpoint}/v3/watch")
        {
            Content = new StringContent("{\"create_request\":{\"key\":\"YQ==\"}}"),
        };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("\"created\":true", await lines.ReadLineAsync(), StringComparison.Ordinal);
        await AnswerAsync(endpoint, "POST /v3/kv/put {\"key\":\"YQ==\",\"value\":\"Yg==\"}");
        Assert.Contains("\"events\":[{\"kv\":{\"key\":\"YQ==\"", await lines.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_full_is_not_healthy_unless_that_is_excluded()
    {
        await using var world = await World.StartAsync(w => w.AddEtcd(o => o.QuotaBackendBytes = 10_000));
        var endpoint = world.System("etcd").Endpoints[0];
        await AnswerAsync(endpoint, $"POST /v3/kv/put {{\"key\":\"YQ==\",\"value\":\"{Convert.ToBase64String(new byte[20_000])}\"}}");
        Assert.StartsWith("503 text/plain; charset=utf-8 nosniff", await AnswerAsync(endpoint, "GET /health"), StringComparison.Ordinal);
        Assert.StartsWith("200", await AnswerAsync(endpoint, "GET /health?exclude=NOSPACE"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_have_etcds_names_types_and_words()
    {
        await using var real = await RealEtcd.StartAsync();
        await using var world = await World.StartAsync(w => w.AddEtcd());
        var endpoint = world.System("etcd").Endpoints[0];
        await AnswerAsync(endpoint, "POST /v3/kv/put {\"key\":\"YQ==\",\"value\":\"Yg==\"}");
        await AnswerAsync(endpoint, "GET /health");
        var ours = (await _http.GetStringAsync($"http://{endpoint}/metrics")).Split('\n');
        var theirs = (await _http.GetStringAsync($"http://{real.Endpoint}/metrics")).Split('\n');
        Assert.Empty(ours.Where(l => l.StartsWith('#')).Except(theirs));
        Assert.Superset(
            new HashSet<string>
            {
                "etcd_server_has_leader 1", "etcd_server_is_leader 1", "etcd_mvcc_put_total 1", "etcd_server_leader_changes_seen_total 1",
                "etcd_debugging_mvcc_current_revision 2", "etcd_server_health_success 1",
                "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 1",
            },
            ours.ToHashSet());
    }

    // "METHOD path body"; the methods TOKEN and BADTOKEN are POST with one.
    private async Task<string> AnswerAsync(string endpoint, string request)
    {
        var parts = request.Split(' ', 3);
        var isToken = parts[0].EndsWith("TOKEN", StringComparison.Ordinal);
        using var message = new HttpRequestMessage(new HttpMethod(isToken ? "POST" : parts[0]), $"http://{endpoint}{parts[1]}");
        if (parts.Length > 2)
            message.Content = new StringContent(parts[2], Encoding.UTF8, "application/json");
        if (isToken)
            message.Headers.TryAddWithoutValidation("Authorization", parts[0] == "TOKEN" ? await TokenAsync(endpoint) : "none");
        using var response = await _http.SendAsync(message);
        var body = await response.Content.ReadAsStringAsync();
        string[] shown =
        [
            $"{(int)response.StatusCode}", $"{response.Content.Headers.ContentType}",
            .. new[] { "X-Content-Type-Options" }.Concat(new[] { "Origin", "Methods", "Headers" }.Select(n => "Access-Control-Allow-" + n))
                .Where(n => response.Headers.Contains(n)).Select(n => string.Join(',', response.Headers.GetValues(n))),
            .. response.Content.Headers.Allow, body,
        ];
        var text = Tokens().Replace(string.Join(' ', shown.Where(s => s.Length > 0)), "\"token\":\"T\"");
        return Hash().Replace(Numbers().Replace(text, "\"$1\":N"), "\"hash\":N");
    }

    private async Task<string> TokenAsync(string endpoint)
    {
        using var content = new StringContent("{\"name\":\"root\",\"password\":\"pw\"}");
        using var response = await _http.PostAsync($"http://{endpoint}/v3/auth/authenticate", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Tokens().Match(await response.Content.ReadAsStringAsync()).Groups[1].Value;
    }

    [GeneratedRegex("\"(cluster_id|member_id|raft_term)\":\"\\d+\"")]
    private static partial Regex Numbers();

    // Over who is a member too.
    [GeneratedRegex("\"hash\":\\d+")]
    private static partial Regex Hash();

    [GeneratedRegex("\"token\":\"([^\"]*)\"")]
    private static partial Regex Tokens();
}
