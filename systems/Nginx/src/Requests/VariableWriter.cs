using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>Writes a variable's value. False: the request has none.</summary>
/// <param name="suffix">What stands behind a family's prefix.</param>
internal delegate bool VariableWriter(HttpRequest request, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output);
