using System.IO.Pipelines;
using System.Net.Security;

namespace Microcosm.Kafka;

/// <summary>What passes through TLS, as pipes.</summary>
internal sealed class TlsPipes(SslStream tls) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true));
}
