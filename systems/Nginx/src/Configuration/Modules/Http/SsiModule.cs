using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>ssi.</summary>
internal static class SsiModule
{
    public static readonly Module Module = new("http_ssi_module", Contexts.Http);

    public static readonly Setting<bool> Ssi = Module.Flag("ssi", AllIf);
    public static readonly Setting<bool> SsiSilentErrors = Module.Flag("ssi_silent_errors", All);

    /// <summary>Bytes of a parameter, at most.</summary>
    public static readonly Setting<long> ValueLength = Module.Size("ssi_value_length", All, 255);

    public static readonly Setting<TypeSet> SsiTypes = TypesDirective.DeclareSet(Module, "ssi_types", All, "text/html");
    public static readonly Setting<bool> SsiLastModified = Module.Flag("ssi_last_modified", All);

    // How nginx' buffers are passed on; here bytes are.
    public static readonly Setting<bool> IgnoreRecycledBuffers = Module.Flag("ssi_ignore_recycled_buffers", All);
    public static readonly Setting<long> MinFileChunk = Module.Size("ssi_min_file_chunk", All, 1024);
}
