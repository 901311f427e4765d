using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Microcosm.Cli;

/// <summary>
/// Sends what all systems tell to an OpenTelemetry collector, as protobuf over HTTP. Headers, intervals, sampling and resource attributes
/// are set by OpenTelemetry's own environment variables (<c>OTEL_…</c>). A collector that is away loses spans and hinders nothing.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private const string Sources = "Microcosm.*";

    private readonly TracerProvider _spans;
    private readonly MeterProvider _metrics;

    private OtlpExport(Uri collector)
    {
        _spans = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(Sources)
            .AddOtlpExporter(o => Aim(o, collector, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(Sources)
            .AddOtlpExporter(o => Aim(o, collector, "v1/metrics"))
            .Build();
    }

    /// <summary>Begins to listen. Throws <see cref="ArgumentException"/> for what is not an address of HTTP.</summary>
    public static OtlpExport Start(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var collector) && collector.Scheme is "http" or "https"
            ? new OtlpExport(collector)
            : throw new ArgumentException($"'{address}' is not an OTLP address: write http://127.0.0.1:4318");

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }

    // OTEL_SERVICE_NAME wins where it is set.
    private static void Describe(ResourceBuilder resource) => resource.AddService("microcosm").AddEnvironmentVariableDetector();

    // The paths of OTLP/HTTP, which the exporter adds only to addresses from the environment.
    private static void Aim(OtlpExporterOptions options, Uri collector, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(collector.AbsoluteUri.TrimEnd('/') + "/" + path);
    }
}
