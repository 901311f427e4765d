using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Microcosm.Chubby.Etcd;

/// <summary>The responses of a stream, one a line.</summary>
internal sealed class JsonResponses(HttpContext context) : IServerStreamWriter<IMessage>
{
    private readonly Stream _body = context.Response.Body;

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>The status is sent: what fails from now on is told in the stream.</summary>
    public bool HasBegun { get; private set; }

    public Task WriteAsync(IMessage message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(IMessage message, CancellationToken cancellationToken)
    {
        HasBegun = true;
        var line = JsonGateway.Written(w =>
        {
            w.WriteStartObject();
            w.WritePropertyName("result");
            JsonGateway.Write(w, message);
            w.WriteEndObject();
        });
        return SendAsync(line, cancellationToken);
    }

    /// <summary>Ends the stream with a refusal.</summary>
    public Task FailAsync(Status status, int httpCode) => SendAsync(JsonGateway.Written(w =>
    {
        w.WriteStartObject();
        w.WriteStartObject("error");
        w.WriteNumber("grpc_code", (int)status.StatusCode);
        w.WriteNumber("http_code", httpCode);
        w.WriteString("message", status.Detail);
        w.WriteEndObject();
        w.WriteEndObject();
    }), context.RequestAborted);

    private async Task SendAsync(byte[] line, CancellationToken cancellation)
    {
        await _body.WriteAsync((byte[])[.. line, (byte)'\n'], cancellation);
        await _body.FlushAsync(cancellation);
    }
}
