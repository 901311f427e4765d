using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// The services as JSON over POST, as etcd's gateway has them: fields by their names in the protocol, bytes in base64, 64-bit numbers as
/// strings, zeros left out, streams as one <c>{"result":…}</c> a line.
/// </summary>
internal static class JsonGateway
{
    // Numbers of gRPC's codes, from OK to UNAUTHENTICATED, as the gateway answers them.
    private static readonly int[] HttpCodes = [200, 408, 500, 400, 504, 404, 409, 403, 429, 412, 409, 400, 501, 500, 503, 500, 401];

    private static readonly (string Path, string Method)[] Paths =
    [
        ("kv/range", "Range"), ("kv/put", "Put"), ("kv/deleterange", "DeleteRange"), ("kv/txn", "Txn"), ("kv/compaction", "Compact"),
        ("watch", "Watch"),
        ("lease/grant", "LeaseGrant"), ("lease/revoke", "LeaseRevoke"), ("kv/lease/revoke", "LeaseRevoke"),
        ("lease/keepalive", "LeaseKeepAlive"), ("lease/timetolive", "LeaseTimeToLive"), ("kv/lease/timetolive", "LeaseTimeToLive"),
        ("lease/leases", "LeaseLeases"), ("kv/lease/leases", "LeaseLeases"),
        ("cluster/member/add", "MemberAdd"), ("cluster/member/remove", "MemberRemove"), ("cluster/member/update", "MemberUpdate"),
        ("cluster/member/list", "MemberList"), ("cluster/member/promote", "MemberPromote"),
        ("maintenance/alarm", "Alarm"), ("maintenance/status", "Status"), ("maintenance/defragment", "Defragment"),
        ("maintenance/hash", "Hash"), ("maintenance/snapshot", "Snapshot"), ("maintenance/transfer-leadership", "MoveLeader"),
        ("auth/enable", "AuthEnable"), ("auth/disable", "AuthDisable"), ("auth/authenticate", "Authenticate"),
        ("auth/user/add", "UserAdd"), ("auth/user/get", "UserGet"), ("auth/user/list", "UserList"), ("auth/user/delete", "UserDelete"),
        ("auth/user/changepw", "UserChangePassword"), ("auth/user/grant", "UserGrantRole"), ("auth/user/revoke", "UserRevokeRole"),
        ("auth/role/add", "RoleAdd"), ("auth/role/get", "RoleGet"), ("auth/role/list", "RoleList"), ("auth/role/delete", "RoleDelete"),
        ("auth/role/grant", "RoleGrantPermission"), ("auth/role/revoke", "RoleRevokePermission"),
        ("lock/lock", "Lock"), ("lock/unlock", "Unlock"),
        ("election/campaign", "Campaign"), ("election/proclaim", "Proclaim"), ("election/leader", "Leader"),
        ("election/observe", "Observe"), ("election/resign", "Resign"),
    ];

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    // Base64's plus and slash stay as they are.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/v3/", "/v3beta/" })
        {
            foreach (var (path, name) in Paths)
            {
                var (operation, method) = (EtcdOperations.Find(name)!, EtcdMethods.All.First(m => m.Name == name));
                routes.Map(prefix + path, c => ServeAsync(c, operation, method));
            }
            routes.Map(prefix + "{**rest}", c => HttpEndpoints.RefuseAsync(c, StatusCodes.Status404NotFound, "Not Found"));
        }
    }

    /// <summary>A message as JSON, without spaces.</summary>
    public static void Write(Utf8JsonWriter writer, IMessage message)
    {
        using var json = JsonDocument.Parse(Formatter.Format(message));
        json.RootElement.WriteTo(writer);
    }

    public static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Compact))
            write(writer);
        return bytes.WrittenSpan.ToArray();
    }

    private static async Task ServeAsync(
        HttpContext context, Operation<EtcdOperationAttribute, EtcdHandler> operation, MethodDescriptor method)
    {
        if (HttpEndpoints.Greet(context))
            return;
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await HttpEndpoints.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
            return;
        }
        var (requests, responses) = (new JsonRequests(context.Request.BodyReader, method.InputType), new JsonResponses(context));
        context.Response.ContentType = "application/json";
        try
        {
            // Nothing at all is the message without fields.
            var request = method.IsClientStreaming ? null
                : await requests.MoveNext(context.RequestAborted) ? requests.Current : method.InputType.Parser.ParseFrom([]);
            var response = await CallRunner.RunAsync(operation, CallOf(context, request, requests, responses));
            if (response is not null)
                await EndAsync(context, StatusCodes.Status200OK, Written(w => Write(w, response)));
        }
        catch (RpcException e)
        {
            var status = HttpCodes[(int)e.StatusCode];
            if (responses.HasBegun)
                await responses.FailAsync(e.Status, status);
            else
                await EndAsync(context, status, Written(w => WriteError(w, e.Status)));
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
    }

    private static EtcdCall CallOf(HttpContext context, IMessage? request, JsonRequests requests, JsonResponses responses)
    {
        var connection = context.Features.Get<HandedConnection>()!;
        return new EtcdCall(connection.Member)
        {
            ConnectionId = connection.Ordinal,
            Request = request,
            Requests = requests,
            Responses = responses,
            Cancellation = context.RequestAborted,
            // As gRPC writes it.
            Peer = $"ipv4:{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}",
            Token = context.Request.Headers.Authorization.FirstOrDefault(),
            CutOff = connection.Abort,
        };
    }

    private static void WriteError(Utf8JsonWriter writer, Status status)
    {
        writer.WriteStartObject();
        writer.WriteString("error", status.Detail);
        writer.WriteString("message", status.Detail);
        writer.WriteNumber("code", (int)status.StatusCode);
        writer.WriteEndObject();
    }

    private static async Task EndAsync(HttpContext context, int status, byte[] json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
