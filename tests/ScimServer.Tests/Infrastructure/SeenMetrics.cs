using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ScimServer.Tests.Infrastructure;

/// <summary>The last value of each metric of one thing, such as a webhook, by name; where there is an outcome, it follows after a space.</summary>
internal sealed class SeenMetrics : IDisposable
{
    private readonly ConcurrentDictionary<string, double> values = new();
    private readonly MeterListener listener;

    /// <param name="meter">The name of the meter.</param>
    /// <param name="tag">The tag that says which thing.</param>
    /// <param name="id">Which.</param>
    public SeenMetrics(string meter, string tag, string id)
    {
        listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == meter)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var (isMine, outcome) = (false, "");
            foreach (var (name, said) in tags)
            {
                isMine |= name == tag && said?.ToString() == id;
                outcome = name == "outcome" ? $" {said}" : outcome;
            }

            if (isMine)
            {
                values[instrument.Name + outcome] = value;
            }
        }
    }

    /// <summary>The last value; null when there has been none.</summary>
    public double? this[string name] => values.TryGetValue(name, out var value) ? value : null;

    /// <summary>Has gauges tell their values.</summary>
    public void Look() => listener.RecordObservableInstruments();

    public void Dispose() => listener.Dispose();
}
